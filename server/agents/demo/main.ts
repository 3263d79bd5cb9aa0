/** The built-in agent as a process: ACP on stdio, until stdin ends. */
import { ndJsonStream } from '@agentclientprotocol/sdk';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate as nextTask, setTimeout as sleep } from 'node:timers/promises';
import { createDemoAgent } from './agent.ts';

const { stdin, stdout, stderr } = process;
// Whoever reads it is gone.
stdout.on('error', () => process.exit(0));

const output = new WritableStream<Uint8Array>({
  write: (bytes) =>
    new Promise((resolve, reject) => {
      stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    }),
});
const connection = createDemoAgent({
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  nextTask,
  newId: randomUUID,
  crash: (message) =>
    new Promise(() => {
      stderr.write(`${message}\n`, () => process.exit(1));
    }),
}).connect(ndJsonStream(output, Readable.toWeb(stdin) as ReadableStream<Uint8Array>));

await connection.closed;
process.exit(0);
