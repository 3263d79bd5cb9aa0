/** Child of the fan-out benches: thousands of readers that only count bytes, as cheap as Node has them. */
import { connect, type Socket } from 'node:net';
import { offer } from './child.ts';

export interface AttachJob {
  port: number;
  /** The request, as it goes over the wire. */
  head: string;
  readers: number;
}

export type ReaderCalls = {
  /** Connects them. @returns milliseconds until each had its first bytes */
  attach(job: AttachJob): Promise<number>;
  /** @returns when the readers of that port had so many bytes in all, milliseconds since the epoch */
  until(job: { port: number; bytes: number }): Promise<number>;
  /** Bytes that each reader of that port has. */
  counts(port: number): number[];
  /** Breaks all connections to that port. */
  detach(port: number): void;
};

/** Half-open handshakes beyond this overflow a listener's backlog. */
const AT_ONCE = 256;
/** One address has 28,000 ports; those of closed connections rest for a minute. */
const ADDRESSES = 8;

interface Reader {
  socket: Socket;
  bytes: number;
}
interface Site {
  readers: Reader[];
  bytes: number;
  lastAt: number;
  waiting: { bytes: number; done: () => void } | null;
}

const sites = new Map<number, Site>();
// What is read is counted and forgotten, so all may use one buffer.
const buffer = Buffer.alloc(256 * 1024);

function siteOf(port: number): Site {
  const site = sites.get(port) ?? { readers: [], bytes: 0, lastAt: 0, waiting: null };
  sites.set(port, site);
  return site;
}

function open(site: Site, { port, head }: AttachJob, n: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const reader: Reader = {
      bytes: 0,
      socket: connect({
        port,
        host: '127.0.0.1',
        localAddress: `127.0.0.${1 + (n % ADDRESSES)}`,
        noDelay: true,
        onread: {
          buffer,
          callback(size) {
            if (reader.bytes === 0) resolve();
            reader.bytes += size;
            site.bytes += size;
            site.lastAt = performance.timeOrigin + performance.now();
            if (site.waiting !== null && site.bytes >= site.waiting.bytes) {
              site.waiting.done();
              site.waiting = null;
            }
            return true;
          },
        },
      }),
    };
    site.readers.push(reader);
    reader.socket.once('error', reject);
    reader.socket.once('connect', () => reader.socket.write(head));
  });
}

const calls: ReaderCalls = {
  async attach(job) {
    const site = siteOf(job.port);
    const began = performance.now();
    let next = 0;
    const line = async (): Promise<void> => {
      while (next < job.readers) {
        next += 1;
        await open(site, job, next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, line));
    return performance.now() - began;
  },
  async until({ port, bytes }) {
    const site = siteOf(port);
    if (site.bytes < bytes) {
      await new Promise<void>((done) => {
        site.waiting = { bytes, done };
      });
    }
    return site.lastAt;
  },
  counts: (port) => siteOf(port).readers.map(({ bytes }) => bytes),
  detach(port) {
    for (const { socket } of siteOf(port).readers) socket.destroy();
    sites.delete(port);
  },
};
offer(calls);
