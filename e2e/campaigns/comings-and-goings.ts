/** Sessions that are made, used and deleted while the server may be killed: what was answered to that must hold. */
import { setTimeout as pass } from 'node:timers/promises';
import type { Row } from '../../shared/row.ts';
import type { TestServer } from '../fixtures/server.ts';
import type { Ledger } from './ledger.ts';

type Fate = 'there' | 'deleted' | 'unknown';

export interface ComingsAndGoings {
  /** How many were made and how many deleted, as answered. */
  readonly made: number;
  readonly deleted: number;
  start(): void;
  pause(): Promise<void>;
  /** Blames a session that was made and is not there, or was deleted and is. */
  check(): Promise<void>;
}

export function createComingsAndGoings(server: TestServer, ledger: Ledger): ComingsAndGoings {
  const fates = new Map<string, Fate>();
  let made = 0;
  let deleted = 0;
  let going = false;
  let coming: Promise<void> = Promise.resolve();

  const one = async (): Promise<void> => {
    const { status, body } = await server.api('POST', '/api/sessions', { title: 'Short-lived' });
    if (status !== 201) return;
    const { id } = body as Row;
    fates.set(id, 'there');
    made += 1;
    const prompt = { prompt: '/count 100 100', key: id };
    await server.api('POST', `/api/sessions/${id}/turns`, prompt);
    await pass(100);
    fates.set(id, 'unknown');
    const answer = await server.api('DELETE', `/api/sessions/${id}`);
    fates.set(id, answer.status === 200 ? 'deleted' : 'there');
    if (answer.status === 200) deleted += 1;
  };
  const loop = async (): Promise<void> => {
    for (;;) {
      if (!going) return;
      // Its answer may be cut at any step.
      await one().catch(() => {});
      await pass(20);
    }
  };

  return {
    get made() {
      return made;
    },
    get deleted() {
      return deleted;
    },
    start() {
      going = true;
      coming = loop();
    },
    async pause() {
      going = false;
      await coming;
    },
    async check() {
      for (const [id, fate] of fates) {
        const { status } = await server.api('GET', `/api/sessions/${id}`);
        if (fate === 'there' && status !== 200) ledger.blame(`${id} was made, and is ${status}`);
        if (fate === 'deleted' && status !== 404)
          ledger.blame(`${id} was deleted, and is ${status}`);
        fates.delete(id);
        if (status === 200) await server.api('DELETE', `/api/sessions/${id}`);
      }
    },
  };
}
