/** A TCP proxy that counts what the server sends. */
import { connect, createServer } from 'node:net';

export interface CountingProxy {
  readonly port: number;
  /** Bytes from the server since the start. */
  readonly bytes: number;
  close(): void;
}

/** @param target gives the server's port on 127.0.0.1, asked for at each connection: the proxy is there first */
export async function startCountingProxy(target: () => number): Promise<CountingProxy> {
  let bytes = 0;
  const listener = createServer((client) => {
    const server = connect(target(), '127.0.0.1');
    server.on('data', (chunk: Uint8Array) => (bytes += chunk.byteLength));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    get bytes() {
      return bytes;
    },
    close: () => void listener.close(),
  };
}
