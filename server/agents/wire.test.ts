import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SOON } from './testing/recorder.ts';
import { createLog } from './testing/host-world.ts';
import { createWire, type WireDeps } from './wire.ts';

function bytesOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

function wireOf(deps: Partial<WireDeps>) {
  return createWire({
    stdin: new WritableStream(),
    stdout: bytesOf(),
    logger: createLog().logger,
    nextTask: () => Promise.resolve(),
    onWriteFailed() {},
    ...deps,
  });
}

async function readAll(readable: ReadableStream<object>): Promise<object[]> {
  const messages: object[] = [];
  const reader = readable.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return messages;
    messages.push(value);
  }
}

const encoder = new TextEncoder();
const notify = (method: string, params: unknown = {}): object => ({
  jsonrpc: '2.0',
  method,
  params,
});

test('messages come out whole, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
      fc.constantFrom('\n', '\r\n'),
      async (texts, cuts, newline) => {
        const messages = texts.map((words) => notify('m', { words }));
        const bytes = encoder.encode(
          messages.map((message) => JSON.stringify(message) + newline).join(''),
        );
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (let index = 0; at < bytes.length; index += 1) {
          const size = cuts[index % cuts.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        const { stream } = wireOf({ stdout: bytesOf(...chunks) });
        expect(await readAll(stream.readable)).toEqual(messages);
      },
    ),
  );
});

test('a message of another kind, and the end, wait for a task; one of the same kind does not', async () => {
  const kinds = ['a', 'a', 'b', 'a', 'a'];
  const tasks: number[] = [];
  let read = 0;
  const { stream } = wireOf({
    stdout: bytesOf(encoder.encode(kinds.map((m) => `${JSON.stringify(notify(m))}\n`).join(''))),
    nextTask: async () => void tasks.push(read),
  });
  const reader = stream.readable.getReader();
  while (!(await reader.read()).done) read += 1;
  expect(tasks).toEqual([0, 2, 3, 5]);
});

test('text deltas are handed over in their place, and wait for the messages before them only', async () => {
  const delta = (text: string): object =>
    notify('session/update', {
      sessionId: 's',
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
    });
  const messages = [delta('1'), delta('2'), notify('a'), notify('a'), delta('3'), notify('b')];
  const seen: string[] = [];
  const { stream } = wireOf({
    stdout: bytesOf(encoder.encode(messages.map((m) => `${JSON.stringify(m)}\n`).join(''))),
    nextTask: async () => void seen.push('task'),
    onDelta({ sessionId, update }) {
      const { content } = update as { content: { text: string } };
      seen.push(sessionId + content.text);
    },
  });
  for await (const message of stream.readable as unknown as AsyncIterable<{ method: string }>) {
    seen.push(message.method);
  }
  expect(seen).toEqual(['task', 's1', 's2', 'a', 'a', 'task', 's3', 'b', 'task']);
});

test('a last line without an end counts', async () => {
  const { stream } = wireOf({ stdout: bytesOf(encoder.encode(JSON.stringify(notify('m')))) });
  expect(await readAll(stream.readable)).toEqual([notify('m')]);
});

test('output that breaks off ends the stream, and what came before is read', async () => {
  let chunks = 0;
  const stdout = new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks += 1;
      if (chunks > 1) throw new Error('broken pipe');
      controller.enqueue(encoder.encode(`${JSON.stringify(notify('m'))}\n`));
    },
  });
  expect(await readAll(wireOf({ stdout }).stream.readable)).toEqual([notify('m')]);
});

test('a line beyond the limit breaks the stream after what came before it', async () => {
  const first = `${JSON.stringify(notify('m'))}\n`;
  const { stream } = wireOf({
    stdout: bytesOf(encoder.encode(`${first}${'x'.repeat(200)}\n`)),
    maxMessageBytes: 100,
  });
  const reader = stream.readable.getReader();
  expect(await reader.read()).toEqual({ value: notify('m'), done: false });
  await expect(reader.read()).rejects.toMatchObject({ name: 'MessageTooLong' });
});

test('messages are written one per line; after a failed write nothing is, and that is told once', async () => {
  const written: string[] = [];
  const failures: unknown[] = [];
  const { stream, end } = wireOf({
    stdin: new WritableStream({
      write(bytes) {
        if (written.length === 2) throw new Error('EPIPE');
        written.push(new TextDecoder().decode(bytes));
      },
    }),
    onWriteFailed: (error) => failures.push(error),
  });
  const writer = stream.writable.getWriter();
  for (const id of [1, 2, 3, 4]) await writer.write({ jsonrpc: '2.0', id, method: 'm' });
  end();
  end();
  expect(written).toEqual([
    '{"jsonrpc":"2.0","id":1,"method":"m"}\n',
    '{"jsonrpc":"2.0","id":2,"method":"m"}\n',
  ]);
  expect(failures).toHaveLength(1);
});

test('end closes stdin once', async () => {
  let closed = 0;
  const { end } = wireOf({
    stdin: new WritableStream({
      close() {
        closed += 1;
      },
    }),
  });
  end();
  end();
  await expect.poll(() => closed, SOON).toBe(1);
});
