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

test('[L12] the bytes of a message may be no characters: it is read all the same, and so is the next', async () => {
  const broken = encoder.encode(`${JSON.stringify(notify('m', { words: 'a?b' }))}\n`);
  // 0xff is in no UTF-8, and 0xc3 begins a character that the quote does not end.
  broken[broken.indexOf(0x3f)] = 0xff;
  broken[broken.lastIndexOf(0x62)] = 0xc3;
  const bytes = Buffer.concat([broken, encoder.encode(`${JSON.stringify(notify('n'))}\n`)]);
  const { stream } = wireOf({ stdout: bytesOf(bytes) });
  expect(await readAll(stream.readable)).toEqual([
    notify('m', { words: 'a\ufffd\ufffd' }),
    notify('n'),
  ]);
});

test('[L12] an endless line byte by byte holds no more than the limit, and breaks the stream', async () => {
  const limit = 4 * 1024 * 1024;
  let sent = 0;
  const stdout = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 7;
      controller.enqueue(new Uint8Array(7).fill(0x78));
    },
  });
  const { stream } = wireOf({ stdout, maxMessageBytes: limit });
  const before = process.memoryUsage();
  const reader = stream.readable.getReader();
  await expect(reader.read()).rejects.toMatchObject({ name: 'MessageTooLong' });
  expect(sent).toBeLessThan(limit + 100);
  // A list of chunks of seven bytes would take more than a hundred each.
  expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(4 * limit);
});

test('[L12] while there is no room nothing is handed on, and the pipe is not read', async () => {
  let pulled = 0;
  const stdout = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(encoder.encode(`${JSON.stringify(notify('m', pulled))}\n`));
      },
    },
    { highWaterMark: 0 },
  );
  let free = (): void => {};
  let gate: Promise<void> | null = null;
  const { stream } = wireOf({ stdout, room: () => gate });
  const reader = stream.readable.getReader();
  expect(await reader.read()).toEqual({ value: notify('m', 1), done: false });
  gate = new Promise<void>((resolve) => {
    free = () => {
      gate = null;
      resolve();
    };
  });
  let read = 0;
  const next = [reader.read(), reader.read(), reader.read()].map((each) =>
    each.finally(() => (read += 1)),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect([read, pulled]).toEqual([0, 2]);
  free();
  expect((await Promise.all(next)).map(({ value }) => value)).toEqual(
    [2, 3, 4].map((n) => notify('m', n)),
  );
});

test('[L12] a flood lets others have their turn every few messages', async () => {
  const tasks: number[] = [];
  const lines = Array.from({ length: 200 }, (_, n) => `${JSON.stringify(notify('m', n))}\n`);
  let read = 0;
  const { stream } = wireOf({
    stdout: bytesOf(encoder.encode(lines.join(''))),
    nextTask: async () => void tasks.push(read),
  });
  const reader = stream.readable.getReader();
  while (!(await reader.read()).done) read += 1;
  expect(tasks).toEqual([0, 64, 128, 192, 200]);
});

test('[L12] what the agent does not read keeps no writer waiting, and is counted', async () => {
  let take = (): void => {};
  const wire = wireOf({
    stdin: new WritableStream({ write: () => new Promise<void>((resolve) => (take = resolve)) }),
  });
  const writer = wire.stream.writable.getWriter();
  const message = { jsonrpc: '2.0', method: 'm', params: 'x'.repeat(1000) } as const;
  await writer.write(message);
  await writer.write(message);
  const one = JSON.stringify(message).length + 1;
  expect(wire.unread).toBe(2 * one);
  take();
  await expect.poll(() => wire.unread, SOON).toBe(one);
});
