/** What a principal has, as far as answers told: names to ask for. */

interface Inside {
  add(sessionId: string, name: string): void;
  drop(sessionId: string): void;
  /** Any of them. */
  pick(at: number): { sessionId: string; name: string } | undefined;
}

export interface Known {
  sessions: Set<string>;
  logs: Set<string>;
  turns: Inside;
  requests: Inside;
  /** Of the turns those that wait. */
  queued: Inside;
  /** And of those the ones that nothing starts but a person. */
  held: Inside;
  forget(sessionId: string): void;
}

/** Newer ones are asked for, older ones have ended. */
const MOST = 40;

export function createKnown(): Known {
  const known: Known = {
    sessions: new Set(),
    logs: new Set(),
    turns: createInside(),
    requests: createInside(),
    queued: createInside(),
    held: createInside(),
    forget(sessionId) {
      known.sessions.delete(sessionId);
      known.turns.drop(sessionId);
      known.requests.drop(sessionId);
      known.queued.drop(sessionId);
      known.held.drop(sessionId);
    },
  };
  return known;
}

function createInside(): Inside {
  let all: { sessionId: string; name: string }[] = [];
  return {
    add(sessionId, name) {
      if (all.some((one) => one.name === name)) return;
      all = [...all, { sessionId, name }].slice(-MOST);
    },
    pick: (at) => all[at % all.length],
    drop(sessionId) {
      all = all.filter((one) => one.sessionId !== sessionId);
    },
  };
}
