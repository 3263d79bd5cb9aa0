/** An ACP agent for the benches. `/flood <n> <per-second>`: n events at once, then more at that rate until cancelled. */
import { agent, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { Readable, Writable } from 'node:stream';
import { setImmediate as nextTask, setTimeout as sleep } from 'node:timers/promises';

const cancelled = new Set();
let sessions = 0;

const connection = agent({ name: 'bench' })
  .onRequest('initialize', () => ({ protocolVersion: PROTOCOL_VERSION }))
  .onRequest('session/new', () => ({ sessionId: `bench-${(sessions += 1)}` }))
  .onRequest('session/prompt', async ({ params, client }) => {
    const { sessionId, prompt } = params;
    const text = prompt[0]?.type === 'text' ? prompt[0].text : '';
    const [, n, rate] = /^\/flood (\d+) (\d+)/.exec(text) ?? [];
    cancelled.delete(sessionId);
    // Metadata keeps the server from merging text that comes this fast (L7): each is an event.
    const say = (/** @type {number} */ k) =>
      client.notify(methods.client.session.update, {
        sessionId,
        update: {
          sessionUpdate: 'agent_message_chunk',
          content: { type: 'text', text: k % 50 === 0 ? `${k}\n\n` : `${k} ` },
          _meta: { k },
        },
      });
    for (let k = 1; k <= Number(n); k += 1) {
      await say(k);
      if (k % 500 === 0) await nextTask();
    }
    // Each is due at a time of its own: late timers are caught up with, so the rate is what was asked for.
    const start = Date.now();
    for (let k = 1; Number(rate) > 0 && !cancelled.has(sessionId); k += 1) {
      const wait = start + (k * 1000) / Number(rate) - Date.now();
      if (wait > 0) await sleep(wait);
      await say(Number(n) + k);
    }
    return { stopReason: cancelled.has(sessionId) ? 'cancelled' : 'end_turn' };
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => {
    cancelled.add(params.sessionId);
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));

await connection.closed;
