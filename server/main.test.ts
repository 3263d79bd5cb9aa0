import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSelfSigned } from './testing/self-signed.ts';

const project = resolve(import.meta.dirname, '..');
// Inside the project, so that the built server finds its packages.
const cache = join(project, 'node_modules/.cache');
let folder = '';

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'tabcast-main-'));
  mkdirSync(join(folder, 'dist/client'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'dist/client/index.html'), '<!doctype html><title>page</title>');
  await build({
    configFile: false,
    root: project,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: join(folder, 'dist/server'),
      rollupOptions: {
        input: {
          main: join(project, 'server/main.ts'),
          demo: join(project, 'server/agents/demo/main.ts'),
        },
      },
    },
  });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kills: (() => void)[] = [];
afterEach(() => {
  for (const kill of kills.splice(0)) kill();
});

function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(folder, 'dist/server/main.js'), ...args], {
    cwd: folder,
    // Only what a process needs, so that settings and agents of this machine don't matter.
    env: { PATH: '/usr/bin:/bin', HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  kills.push(() => child.kill('SIGKILL'));
  const exit = once(child, 'exit').then(([code]: unknown[]) => code);
  const output = Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { child, exit, output };
}

/** Starts it and waits for its line. */
async function serve(args: string[] = [], env: Record<string, string> = {}) {
  const data = mkdtempSync(join(folder, 'data-'));
  const child = spawn(
    process.execPath,
    [join(folder, 'dist/server/main.js'), '--port', '0', '--data', data, ...args],
    { cwd: folder, env: { PATH: '/usr/bin:/bin', HOME: folder, ...env }, stdio: 'pipe' },
  );
  kills.push(() => child.kill('SIGKILL'));
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  const stderr = text(child.stderr);
  await expect.poll(() => stdout, { timeout: 10_000 }).toContain('\n');
  const url = new URL(stdout.replace(/^tabcast: /, ''));
  const token = url.searchParams.get('token') ?? '';
  return {
    child,
    data,
    url,
    stdout: () => stdout,
    stderr,
    exit: once(child, 'exit').then(([code]: unknown[]) => code),
    ask: (path: string, init: RequestInit = {}) =>
      fetch(new URL(path, url), {
        ...init,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      }),
  };
}

describe('serving', () => {
  test('[A2] one line, whose address signs in and shows the page', async () => {
    const { url, data, stdout, ask } = await serve();
    expect(stdout()).toMatch(/^tabcast: http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
    expect(readFileSync(join(data, 'token'), 'utf8').trim()).toBe(url.searchParams.get('token'));
    const signIn = await fetch(url, { redirect: 'manual' });
    expect(signIn.status).toBe(303);
    const cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(cookie).toContain(`tabcast_${url.port}=`);
    const rows = await fetch(new URL('/api/sessions', url), { headers: { cookie } });
    expect(await rows.json()).toEqual({ sessions: [] });
    expect(await (await fetch(new URL('/session/x', url))).text()).toContain('<title>page');
    expect(await (await ask('/metrics')).text()).toContain('process_cpu_seconds_total');
  });

  test('a turn of the built-in agent, watched to its end', async () => {
    const { ask } = await serve();
    const { id } = (await (await ask('/api/sessions', { method: 'POST', body: '{}' })).json()) as {
      id: string;
    };
    const prompt = JSON.stringify({ prompt: '/count 20 200', key: 'k' });
    expect((await ask(`/api/sessions/${id}/turns`, { method: 'POST', body: prompt })).status).toBe(
      202,
    );
    const stream = await (await ask(`/api/sessions/${id}/events?cursor=`)).text();
    expect(stream).toContain('"type":"turn.ended"');
    const [last] = stream.match(/^id: (\S+)$/gm)?.slice(-1) ?? [];
    const again = await ask(`/api/sessions/${id}/events?cursor=${last?.slice(4)}`);
    expect(again.status).toBe(204);
  });

  test('[L14] SIGTERM ends streams and turns, and exits with 0', async () => {
    const { ask, child, exit, stderr, data, url } = await serve(['--grace', '0']);
    const { id } = (await (await ask('/api/sessions', { method: 'POST', body: '{}' })).json()) as {
      id: string;
    };
    const prompt = JSON.stringify({ prompt: '/count 1000 10', key: 'k' });
    await ask(`/api/sessions/${id}/turns`, { method: 'POST', body: prompt });
    const lane = (await ask('/api/events')).text();
    const stream = (await ask(`/api/sessions/${id}/events`)).text();
    child.kill('SIGTERM');
    expect(await lane).toContain('event: rows');
    expect(await stream).toContain('event: snapshot');
    expect(await exit).toBe(0);
    expect(await stderr).not.toMatch(/"level":(50|60)/);

    // The cookie and the sessions survive: same token, same port.
    const next = await serve(['--data', data, '--port', url.port]);
    expect(next.url.href).toBe(url.href);
    const view = (await (await next.ask(`/api/sessions/${id}`)).json()) as {
      row: { status: string };
    };
    expect(view.row.status).toBe('idle');
  });

  test('[A2] with a certificate the address is https', async () => {
    const tls = createSelfSigned();
    kills.push(tls.remove);
    const { cert, key } = tls.files;
    const { stdout } = await serve(['--tls-cert', cert, '--tls-key', key]);
    expect(stdout()).toMatch(/^tabcast: https:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
    const [code, , stderr] = await run(['--tls-cert', key], { TABCAST_TLS_KEY: key }).output;
    expect([code, stderr]).toEqual([
      1,
      `tabcast: --tls-cert: ${key} is not a certificate in PEM form.\n`,
    ]);
  });

  test('[A2] with a secret, that is what signs in', async () => {
    const { url, ask } = await serve([], { TABCAST_SECRET: 'a-secret-of-mine+/=' });
    expect(url.searchParams.get('token')).toBe('a-secret-of-mine+/=');
    expect((await ask('/api/agents')).status).toBe(200);
  });
});

describe('what prevents it from serving is one clear message', () => {
  test('a taken port, also when the data folder is the same', async () => {
    const { url, data } = await serve();
    const [code, stdout, stderr] = await run(['--port', url.port, '--data', data]).output;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(`^tabcast: Port ${url.port} is taken.*--port.*\n$`));
  });

  test('data that another one has open', async () => {
    const { data } = await serve();
    const [code, , stderr] = await run(['--port', '0', '--data', data]).output;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tabcast: .*in use by another process.*\n$/);
  });

  test('a flag', async () => {
    const [code, , stderr] = await run(['--prot', '1']).output;
    expect([code, stderr]).toEqual([1, "tabcast: Unknown option '--prot'. See --help.\n"]);
  });

  test('--help is no failure', async () => {
    const [code, stdout, stderr] = await run(['--help']).output;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('--public-host');
  });
});

test('start.mjs on an older Node says which one it needs', async () => {
  const older =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.18.3" } })';
  const child = spawn(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(older)}`,
    join(project, 'server/start.mjs'),
  ]);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<unknown[]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^tabcast needs Node 20\.19 or newer; this is 20\.18\.3\./);
});
