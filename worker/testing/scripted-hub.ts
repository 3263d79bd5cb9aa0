/** A hub on a scripted server and a clock that stands still, for the acceptance suite. */
import { createHub, type Hub } from '../hub.ts';
import { same } from './check.ts';
import { createFakeClock } from './fake-clock.ts';
import { envAt } from './fake-env.ts';
import { createFakeServer } from './fake-server.ts';
import type { ServerScript } from './hub-acceptance.ts';

export interface ScriptedHub {
  hub: Hub;
  script: ServerScript;
  /** @throws Error when the hub leaves anything behind (H11) */
  end(): void;
}

export function createScriptedHub(sessionIds: readonly string[]): ScriptedHub {
  const clock = createFakeClock();
  const server = createFakeServer(clock);
  for (const sessionId of sessionIds) server.create(sessionId);
  const { env, timers } = envAt(clock, server.fetch);
  const hub = createHub(env);
  return {
    hub,
    script: {
      prompt: async (sessionId) => server.prompt(sessionId),
      async say(sessionId, texts) {
        for (const text of texts) server.say(sessionId, text);
      },
      end: async (sessionId) => server.end(sessionId),
      state: async (sessionId) => server.state(sessionId),
      violations: async () => server.violations,
      asked: async (path) => server.asked(path),
    },
    end() {
      hub.close();
      same(server.streams().length, 0, 'streams after close');
      server.close();
      same(timers.pending, 0, 'timers after close');
    },
  };
}
