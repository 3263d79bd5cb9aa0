/**
 * An ACP agent that costs next to nothing. `/numbers <n> <rate> <sessions>`: once that many sessions were prompted,
 * n numbered text deltas for each, in turn, at that rate in all (per second; 0: as fast as they are taken).
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { clock, numbered } from './append-lines.mjs';

/** As many lines as a pipe holds, about, where nothing else sets the pace. */
const LINES_PER_WRITE = 400;

/** @type {{id: number, sessionId: string}[]} */
let prompted = [];
let opened = 0;

const answer = (/** @type {number} */ id, /** @type {object} */ result) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);

/** @param {number} count @param {number} rate */
async function tell(count, rate) {
  const turns = prompted;
  prompted = [];
  const line = (/** @type {number} */ k) =>
    numbered(turns[k % turns.length]?.sessionId ?? '', Math.floor(k / turns.length) + 1);
  const total = count * turns.length;
  const start = clock();
  let k = 0;
  while (k < total) {
    if (rate === 0) {
      let text = '';
      for (const end = Math.min(total, k + LINES_PER_WRITE); k < end; k += 1) text += line(k);
      if (!process.stdout.write(text)) await new Promise((go) => process.stdout.once('drain', go));
      continue;
    }
    // Each is due at a time of its own: late timers are caught up with, so the rate is what was asked for.
    for (; k < total && start + (k * 1000) / rate <= clock(); k += 1) process.stdout.write(line(k));
    await sleep(1);
  }
  for (const { id } of turns) answer(id, { stopReason: 'end_turn' });
}

for await (const text of createInterface(process.stdin)) {
  const { id, method, params } = JSON.parse(text);
  if (method === 'initialize') answer(id, { protocolVersion: 1 });
  if (method === 'session/new') answer(id, { sessionId: `s${(opened += 1)}` });
  if (method !== 'session/prompt') continue;
  const [, count, rate, sessions] =
    /^\/numbers (\d+) (\d+) (\d+)$/.exec(params.prompt[0].text) ?? [];
  prompted.push({ id, sessionId: params.sessionId });
  if (prompted.length === Number(sessions)) void tell(Number(count), Number(rate));
}
