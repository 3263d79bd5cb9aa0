/** The event stream for anybody: curl, EventSource, a script. */
import { spawn } from 'node:child_process';
import { expect, test } from './fixtures/test.ts';

function curl(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('curl', ['-sN', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
    child.once('error', reject).once('exit', () => resolve(out));
  });
}

const ids = (out: string) => [...out.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);

test('[L4] [L5] curl -N with Last-Event-ID replays exactly the rest', async ({ server }) => {
  const session = await server.create();
  await server.prompt(session.id, '/count 200 100');
  const url = `${server.origin}/api/sessions/${session.id}/events`;
  const auth = ['-H', `Authorization: Bearer ${server.token}`];
  await expect.poll(async () => (await server.row(session.id)).lastSeq).toBeGreaterThan(20);
  // While it runs: a stream from the middle goes on to the end, and then ends by itself.
  const rest = await curl([...auth, '-H', `Last-Event-ID: ${session.logId}:10`, url]);
  const { lastSeq } = await server.row(session.id);
  const from = (seq: number) =>
    Array.from({ length: lastSeq - seq }, (_, index) => `${session.logId}:${seq + index + 1}`);
  expect(ids(rest)).toEqual(from(10));
  // When it is over: the same bytes again, by header and by query.
  const frames = (out: string) => out.split('\n\n').filter((frame) => frame.startsWith('id: '));
  const again = await curl([...auth, '-H', `Last-Event-ID: ${session.logId}:10`, url]);
  expect(frames(again)).toEqual(frames(rest));
  const byQuery = await curl([...auth, `${url}?cursor=${session.logId}:${lastSeq - 3}`]);
  expect(ids(byQuery)).toEqual(from(lastSeq - 3));
  const status = await curl([
    ...auth,
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-H',
    `Last-Event-ID: ${session.logId}:${lastSeq}`,
    url,
  ]);
  expect(status).toBe('204');
  // A cursor that can't be served gets a snapshot with its reason, never silence.
  const foreign = await curl([...auth, '-H', 'Last-Event-ID: other:5', url]);
  expect(foreign).toContain('event: snapshot');
  expect(foreign).toContain('"reason":"other-log"');
});
