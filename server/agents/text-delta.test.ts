import { client, methods, type SessionUpdate, type Stream } from '@agentclientprotocol/sdk';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTextDelta } from './text-delta.ts';

const notify = (params: unknown): object => ({ jsonrpc: '2.0', method: 'session/update', params });
const chunk = (over: object = {}, content: object = {}): object => ({
  sessionUpdate: 'agent_message_chunk',
  content: { type: 'text', text: 'word ', ...content },
  ...over,
});

test('a text delta is told from everything else by its exact shape', () => {
  for (const update of [
    chunk(),
    chunk({ messageId: 'm' }),
    chunk({ sessionUpdate: 'agent_thought_chunk' }, { text: '' }),
  ]) {
    expect(readTextDelta(notify({ sessionId: 's', update }))).toEqual({ sessionId: 's', update });
  }
  for (const update of [
    chunk({ _meta: { k: 1 } }),
    chunk({ messageId: null }),
    chunk({ sessionUpdate: 'user_message_chunk' }),
    chunk({ content: [] }),
    chunk({ content: null }),
    chunk({}, { text: 7 }),
    chunk({}, { type: 'image' }),
    chunk({}, { annotations: {} }),
    null,
    'text',
  ]) {
    expect(readTextDelta(notify({ sessionId: 's', update }))).toBeNull();
  }
  expect(readTextDelta(notify({ sessionId: 7, update: chunk() }))).toBeNull();
  expect(readTextDelta(notify({ sessionId: 's', update: chunk(), _meta: {} }))).toBeNull();
  expect(readTextDelta({ ...notify({ sessionId: 's', update: chunk() }), id: 1 })).toBeNull();
  expect(readTextDelta({ ...notify(null), method: 'session/other' })).toBeNull();
  expect(readTextDelta(JSON.parse('{"__proto__":{"method":"session/update"}}'))).toBeNull();
});

/** The update as the SDK hands it over, or null when it refuses it. */
async function throughSdk(message: object): Promise<SessionUpdate | null> {
  let got: SessionUpdate | null = null;
  const readable = new ReadableStream({
    start(controller) {
      controller.enqueue(message);
      controller.close();
    },
  });
  const stream = { readable, writable: new WritableStream() } as unknown as Stream;
  const connection = client({ name: 'test' })
    .onNotification(methods.client.session.update, ({ params }) => void (got = params.update))
    .connect(stream);
  await connection.closed;
  return got;
}

test('whatever is told as a text delta, the SDK takes too, and makes the same of it', async () => {
  const odd = fc.constantFrom<unknown>(undefined, null, 7, 'x', {}, [], { k: 1 });
  const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: odd });
  // What is undefined is not in the JSON.
  const rarely = mostly(fc.constant(undefined));
  const content = fc.record({
    type: mostly(fc.constant('text')),
    text: mostly(fc.string({ unit: 'binary' })),
    annotations: rarely,
    _meta: rarely,
  });
  const update = fc.record({
    sessionUpdate: fc.constantFrom('agent_message_chunk', 'agent_thought_chunk', 'plan', 'x'),
    content: mostly(content),
    messageId: fc.oneof(rarely, fc.string()),
    _meta: rarely,
    more: rarely,
  });
  let deltas = 0;
  const params = fc.record({ sessionId: mostly(fc.string()), update: mostly(update) });
  await fc.assert(
    fc.asyncProperty(params, async (value) => {
      const message = JSON.parse(JSON.stringify(notify(value))) as object;
      const delta = readTextDelta(message);
      if (delta === null) return;
      deltas += 1;
      expect(await throughSdk(message)).toEqual(delta.update);
    }),
    { numRuns: 500 },
  );
  expect(deltas).toBeGreaterThan(20);
});
