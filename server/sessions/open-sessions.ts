/** The sessions in memory: at most one object per session, made when it is needed, let go of when nobody uses it. */
import type { Timers } from './coalescer.ts';
import type { OpenSession } from './open-session.ts';
import { mayRest } from './resting.ts';

const SWEEP_MS = 60_000;

export interface OpenSessions {
  /** The one that is open, or the one that `open` makes: it is called at most once at a time per session. */
  use(logId: string, open: () => Promise<OpenSession>): Promise<OpenSession>;
  /** Undefined when it is not in memory. */
  get(logId: string): Promise<OpenSession> | undefined;
  forget(logId: string): void;
  all(): Promise<OpenSession>[];
  /** Leaves no timer, and lets go of nothing. Twice is fine. */
  close(): void;
}

interface Entry {
  opening: Promise<OpenSession>;
  /** Null while it is being opened. */
  session: OpenSession | null;
  usedAt: number;
}

export function createOpenSessions(timers: Timers, now: () => number): OpenSessions {
  const entries = new Map<string, Entry>();
  let timer: unknown = null;
  let closed = false;

  // From the look at it to its end nothing else runs: whoever asks next opens it anew.
  const sweep = (): void => {
    for (const [logId, { session, usedAt }] of entries) {
      if (session === null) continue;
      const { log, runner } = session;
      const idleSince = log.idleSince === null ? null : Math.max(log.idleSince, usedAt);
      if (!mayRest(idleSince, runner.agentHold, now())) continue;
      entries.delete(logId);
      log.retire();
      runner.close();
    }
  };
  const arm = (): void => {
    if (closed || timer !== null || entries.size === 0) return;
    timer = timers.set(() => {
      timer = null;
      sweep();
      arm();
    }, SWEEP_MS);
  };

  return {
    use(logId, open) {
      const known = entries.get(logId);
      if (known !== undefined) {
        known.usedAt = now();
        return known.opening;
      }
      const entry: Entry = { opening: open(), session: null, usedAt: now() };
      entries.set(logId, entry);
      arm();
      entry.opening.then(
        (session) => (entry.session = session),
        () => {
          if (entries.get(logId) === entry) entries.delete(logId);
        },
      );
      return entry.opening;
    },
    get: (logId) => entries.get(logId)?.opening,
    forget: (logId) => void entries.delete(logId),
    all: () => [...entries.values()].map(({ opening }) => opening),
    close() {
      closed = true;
      if (timer !== null) timers.clear(timer);
      timer = null;
    },
  };
}
