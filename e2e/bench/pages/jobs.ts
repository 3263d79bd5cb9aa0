/** What a worker of the benches does; travels as the worker's name. */
export interface Job {
  kind: 'hub' | 'raw' | 'batches' | 'comlink';
  sessions: number;
  /** Of each session. */
  events: number;
  /** Adjacent text may be merged, as the hub does for a tab that is behind (H4). */
  merges: boolean;
  /** Encodes the stream's bytes before the clock starts. */
  prepare: boolean;
  /** Tells one run from the next. */
  run: number;
}

export function jobOf(name: string): Job {
  return JSON.parse(name) as Job;
}

/** The channel on which a run is begun and closed. */
export const CONTROL = 'bench';

export type Order =
  | { job: string; order: 'go' | 'ask' | 'close' }
  | { job: string; order: 'began'; at: number }
  /** Whether the hub holds every event of every session. */
  | { job: string; order: 'filled'; filled: boolean };
