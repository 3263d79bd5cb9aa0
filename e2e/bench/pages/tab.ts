/** A tab of the benches: the product's client and fold without the page around it, or a baseline's receiver. */
import { expose } from 'comlink';
import { browserEnv, type SharedWorkerConstructor } from '../../../ui/env.ts';
import { createHubClient } from '../../../ui/hub/client.ts';
import { openPane, stepPane, watchOf, type Pane } from '../../../ui/store/pane.ts';
import { CONTROL, jobOf, type Job, type Order } from './jobs.ts';
import { createTask } from './task.ts';

/** What one tab got in one run. */
interface Got {
  /** Milliseconds since the epoch at which the last event was here. */
  doneAt: number;
  /** How it came. */
  messages: number;
  /** Events as such: those that a snapshot stands for are not among them. */
  events: number;
}

interface Receiver {
  ready: Promise<void>;
  done: Promise<Got>;
  close(): void;
}

const Worker = SharedWorker as unknown as SharedWorkerConstructor;
const workerPort = (name: string): MessagePort => {
  const worker = new Worker('/worker.js', { type: 'module', name });
  worker.addEventListener('error', () => console.error(`the worker does not run: ${name}`));
  return worker.port;
};

function product(name: string, { sessions, events }: Job, tab: number): Receiver {
  const env = browserEnv();
  let pane: Pane = openPane(0, `s${tab % sessions}`, null);
  const got: Got = { doneAt: 0, messages: 0, events: 0 };
  let isReady = (): void => {};
  let isDone: (got: Got) => void = () => {};
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const done = new Promise<Got>((resolve) => (isDone = resolve));
  const port = workerPort(name);
  const client = createHubClient({
    connect: async () => ({ port, inPage: false, close: () => port.close() }),
    generations: { current: () => 0, after: () => 0 },
    visible: () => true,
    createChannel: env.createChannel,
    timers: env.timers,
    tabId: env.randomId(),
    build: 'bench',
    sink: {
      onLink() {},
      onConnection() {},
      onPrincipal() {},
      onDirectory() {},
      onServerBuild() {},
      onAlerts() {},
      about: () => ({}),
      onPane(delta) {
        const step = stepPane(pane, delta);
        ({ pane } = step);
        got.messages += 1;
        if (delta.kind === 'events') {
          for (const { span } of delta.events) got.events += span ?? 1;
        }
        if (step.rewatch) client.rewatch();
        if (pane.view.kind !== 'shown') return;
        isReady();
        if (pane.view.state.seq < events + 2) return;
        got.doneAt = Date.now();
        isDone(got);
      },
      watch() {
        pane = { ...pane, watchId: pane.watchId + 1 };
        return watchOf(pane);
      },
    },
  });
  client.start();
  return { ready, done, close: client.close };
}

function baseline(name: string, { kind, events }: Job): Receiver {
  const port = workerPort(name);
  const got: Got = { doneAt: 0, messages: 0, events: 0 };
  let isReady = (): void => {};
  let isDone: (got: Got) => void = () => {};
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const done = new Promise<Got>((resolve) => (isDone = resolve));
  const receive = (received: number): void => {
    got.messages += 1;
    got.events += received;
    if (got.events < events) return;
    got.doneAt = Date.now();
    isDone(got);
  };
  port.onmessage = () => {
    // The worker runs, and has this port.
    port.onmessage = null;
    if (kind === 'comlink') expose(() => receive(1), port);
    else {
      port.onmessage = ({ data }: MessageEvent<unknown>) =>
        receive(Array.isArray(data) ? data.length : 1);
    }
    isReady();
  };
  return { ready, done, close: () => port.close() };
}

const control = new BroadcastChannel(CONTROL);
const task = createTask();

/** One order, and its answer. */
function ask<T>(job: string, order: 'go' | 'ask', read: (answer: Order) => T | null): Promise<T> {
  return new Promise((resolve) => {
    const listen = ({ data }: MessageEvent<Order>): void => {
      const answer = data.job === job ? read(data) : null;
      if (answer === null) return;
      control.removeEventListener('message', listen);
      resolve(answer);
    };
    control.addEventListener('message', listen);
    control.postMessage({ job, order } satisfies Order);
  });
}

let receiver: Receiver | null = null;

/** What the bench's Node side calls, through the page's global. */
const bench = {
  async prepare(name: string, tab: number): Promise<void> {
    const job = jobOf(name);
    receiver = job.kind === 'hub' ? product(name, job, tab) : baseline(name, job);
    await receiver.ready;
  },
  /** Begins the run. @returns when, in milliseconds since the epoch */
  go: (name: string): Promise<number> =>
    ask(name, 'go', (answer) => (answer.order === 'began' ? answer.at : null)),
  /** Resolves when the hub holds every event of every session. */
  async filled(name: string): Promise<void> {
    while (
      !(await ask(name, 'ask', (answer) => (answer.order === 'filled' ? answer.filled : null)))
    ) {
      await task();
    }
  },
  done: (): Promise<Got> | undefined => receiver?.done,
  close(name: string): void {
    receiver?.close();
    control.postMessage({ job: name, order: 'close' } satisfies Order);
  },
};
export type Bench = typeof bench;
(globalThis as unknown as { bench: Bench }).bench = bench;
