/** What an event costs the hub, by how many turns are settled in its session: the product's hub in Node, one tab that acks at once. */
import { createHub } from '../../worker/hub.ts';
import type { Batch, DeliveryPort } from '../../shared/hub-api.ts';
import type { SessionEvent } from '../../shared/events.ts';
import { median, type Figure } from './figures.ts';
import { createTask } from './pages/task.ts';
import { createUpstream } from './pages/upstream.ts';

const SETTLED = [10, 100, 1000] as const;
const EVENTS = 4_000;
const ROUNDS = 5;

export async function benchSettledTurns(): Promise<Figure[]> {
  const costs = new Map<number, number[]>(SETTLED.map((settled) => [settled, []]));
  // The first round warms up the engine.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const settled of SETTLED) {
      const cost = await costOf(settled);
      if (round > 0) costs.get(settled)?.push(cost);
    }
  }
  const [few, some, many] = SETTLED.map((settled) => median(costs.get(settled) ?? [])) as [
    number,
    number,
    number,
  ];
  const ratio = many / few;
  const us = (value: number): string => `${value.toFixed(1)} µs`;
  console.log(
    `an event in the hub: ${us(few)}, ${us(some)}, ${us(many)} after ${SETTLED.join(', ')} turns`,
  );
  return [
    {
      what: `An event’s cost in the hub after ${SETTLED.join(', ')} settled turns (${us(few)}, ${us(some)}, ${us(many)}): the last over the first`,
      measured: `${ratio.toFixed(2)} ×`,
      target: '≤ 1.25 ×',
      ok: ratio <= 1.25,
    },
  ];
}

/** A turn of four events for each settled one, then one that goes on. */
function eventAt(settled: number, seq: number): SessionEvent {
  const turn = Math.min(Math.floor((seq - 1) / 4), settled);
  const turnId = `turn-${turn}`;
  const step = seq - turn * 4;
  const at = seq;
  if (step === 1) {
    return { seq, at, type: 'turn.queued', turnId, key: turnId, prompt: [], mode: 'queue' };
  }
  if (step === 2) return { seq, at, type: 'turn.started', turnId };
  if (step === 4 && turn < settled) {
    return { seq, at, type: 'turn.ended', turnId, reason: 'end_turn' };
  }
  const content = { type: 'text' as const, text: `${seq} of some text in a turn ` };
  const update = { sessionUpdate: 'agent_message_chunk' as const, content };
  return { seq, at, type: 'update', turnId, update };
}

/** @returns microseconds for one event: parsed, folded and delivered */
async function costOf(settled: number): Promise<number> {
  const before = settled * 4 + 3;
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  const upstream = {
    sessions: ['s0'],
    last: before + EVENTS,
    eventAt: (_: string, seq: number) => eventAt(settled, seq),
    chunk: 64,
    held: before,
    gate,
    task: createTask(),
  };
  let reached = 0;
  let onReached: (() => void) | null = null;
  const hub = createHub({
    fetch: createUpstream(upstream, false),
    now: () => Date.now(),
    random: () => 0.5,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    newId: () => 'bench',
    hearProtocol: null,
    baseUrl: 'http://bench',
    build: 'bench',
  });
  const port: DeliveryPort = {
    onmessage: null,
    postMessage(batch: Batch) {
      const { pane } = batch;
      if (pane?.kind === 'snapshot') reached = pane.state.seq;
      if (pane?.kind === 'events') reached = pane.events.at(-1)?.seq ?? reached;
      queueMicrotask(() => port.onmessage?.({ data: { ack: batch.n } }));
      onReached?.();
    },
    close() {},
  };
  const until = (seq: number): Promise<void> =>
    new Promise((resolve) => {
      onReached = () => {
        if (reached >= seq) resolve();
      };
      onReached();
    });
  const watch = { watchId: 1, sessionId: 's0', cursor: null };
  await hub.api.attach({ tabId: 'tab', attachment: 1, directoryVersion: 0, watch }, port);
  await until(before);
  const began = performance.now();
  go();
  await until(before + EVENTS);
  const took = performance.now() - began;
  hub.close();
  return (took * 1000) / EVENTS;
}
