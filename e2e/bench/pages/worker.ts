/** A SharedWorker of the benches: the product's hub over a server in its own thread, or a baseline. Its name says which. */
import { expose, wrap, type Remote } from 'comlink';
import { browserEnv } from '../../../worker/env.ts';
import { createHub } from '../../../worker/hub.ts';
import type { SessionEvent } from '../../../shared/events.ts';
import { CONTROL, jobOf, type Order } from './jobs.ts';
import { createTask } from './task.ts';
import { createUpstream, opening, tokenAt } from './upstream.ts';

interface Scope {
  readonly name: string;
  onconnect: (event: { ports: MessagePort[] }) => void;
  close(): void;
}
const scope = globalThis as unknown as Scope;
const job = jobOf(scope.name);
const control = new BroadcastChannel(CONTROL);
const ports: MessagePort[] = [];
const eventAt = (logId: string, seq: number): SessionEvent =>
  seq <= 2 ? opening(logId, seq) : tokenAt(logId, seq, job.merges);

const task = createTask();

let go = (): void => {};
const gate = new Promise<void>((resolve) => (go = resolve));

let isFilled = (): boolean => false;

function serve(): (port: MessagePort) => void {
  const sessions = Array.from({ length: job.sessions }, (_, n) => `s${n}`);
  const last = job.events + 2;
  const upstream = { sessions, last, eventAt, chunk: 64, held: 2, gate, task };
  const hub = createHub({
    ...browserEnv('bench'),
    fetch: createUpstream(upstream, job.prepare),
    hearProtocol: null,
  });
  isFilled = () => hub.inspect().logs.filter(({ seq }) => seq === last).length === sessions.length;
  return (port) => expose(hub.api, port);
}

/** Events of one session, in order. */
function events(): SessionEvent[] {
  return Array.from({ length: job.events }, (_, n) => eventAt('s0', n + 3));
}

async function raw(all: SessionEvent[]): Promise<void> {
  for (const [n, event] of all.entries()) {
    for (const port of ports) port.postMessage(event);
    if (n % 64 === 63) await task();
  }
}

async function batches(all: SessionEvent[]): Promise<void> {
  for (let n = 0; n < all.length; n += 16) {
    const batch = all.slice(n, n + 16);
    for (const port of ports) port.postMessage(batch);
    if (n % 64 === 48) await task();
  }
}

async function comlink(all: SessionEvent[]): Promise<void> {
  const tabs = ports.map(
    (port) => wrap<(event: SessionEvent) => void>(port) as Remote<(event: SessionEvent) => void>,
  );
  const calls: Promise<void>[] = [];
  for (const [n, event] of all.entries()) {
    for (const tab of tabs) calls.push(tab(event));
    if (n % 64 === 63) await task();
  }
  await Promise.all(calls);
}

const baselines = { raw, batches, comlink };
const connect =
  job.kind === 'hub'
    ? serve()
    : (port: MessagePort) => {
        ports.push(port);
        port.start();
        port.postMessage('connected');
      };
const all = job.kind === 'hub' ? [] : events();

scope.onconnect = ({ ports: [port] }) => {
  if (port !== undefined) connect(port);
};
control.addEventListener('message', ({ data }: MessageEvent<Order>) => {
  if (data.job !== scope.name) return;
  if (data.order === 'close') return scope.close();
  if (data.order === 'ask') {
    control.postMessage({ job: scope.name, order: 'filled', filled: isFilled() });
  }
  if (data.order !== 'go') return;
  control.postMessage({ job: scope.name, order: 'began', at: Date.now() });
  if (job.kind === 'hub') go();
  else void baselines[job.kind](all);
});
