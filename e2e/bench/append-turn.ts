/** What an event of a turn costs the server, by how many the turn has already: each is a part of its own. */
import type { SessionUpdate } from '../../shared/events.ts';
import { openSessionLog } from '../../server/sessions/session-log.ts';
import { openSqliteStore } from '../../server/store/sqlite.ts';

const SAMPLE = 1_000;

/** @returns microseconds of a core per event, decided, stored (in memory) and published, after `before` others */
export async function costAfter(before: number): Promise<number> {
  const store = openSqliteStore({ file: ':memory:' });
  const record = await store.createSession({
    id: 's',
    logId: 'log',
    owner: 'local',
    title: '',
    titleSource: 'none',
    agentId: 'a',
    cwd: '/',
    createdAt: 0,
  });
  const log = await openSessionLog({ store, now: () => 0, onRecord() {} }, record);
  await log.transact(() => ({
    events: [
      { type: 'turn.queued', turnId: 't', key: 'k', prompt: [], mode: 'queue' },
      { type: 'turn.started', turnId: 't' },
    ],
    result: undefined,
  }));
  await log.update(
    't',
    Array.from({ length: before }, (_, n) => delta(n)),
  );
  log.feed.snapshot();
  const cpu = process.cpuUsage();
  for (let n = 0; n < SAMPLE; n += 1) await log.update('t', [delta(before + n)]);
  const { user, system } = process.cpuUsage(cpu);
  if (log.state.live?.parts.length !== before + SAMPLE) throw new Error('parts are missing');
  await store.close();
  return (user + system) / SAMPLE;
}

/** Never joined with the one before. */
function delta(n: number): SessionUpdate {
  return {
    sessionUpdate: n % 2 === 0 ? 'agent_message_chunk' : 'agent_thought_chunk',
    content: { type: 'text', text: `${n} words ` },
  };
}
