/** Are all readers, the server's answers and what was seen of the logs one and the same? */
import { setTimeout as pass } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { SessionView, TurnsPage } from '../../shared/api.ts';
import type { SessionEvent } from '../../shared/events.ts';
import { projectRow, type Row } from '../../shared/row.ts';
import { lastPage, type SessionState, type Turn } from '../../shared/state.ts';
import type { TestServer } from '../fixtures/server.ts';
import type { Ledger } from './ledger.ts';
import type { RawReader } from './raw-reader.ts';
import type { Traffic } from './traffic.ts';

/** How long readers may take to have everything, on a busy machine. */
const CAUGHT_UP_MS = 30_000;

interface World {
  server: TestServer;
  sessions: readonly Row[];
  ledger: Ledger;
  readers: readonly RawReader[];
}

/** As it would come from JSON. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/**
 * To be called while no turn runs. Blames a reader that does not come to where the server is, and every
 * difference between folds, answers and rows.
 * @returns what the server answered, by log id
 */
export async function checkSessions(world: World): Promise<Map<string, SessionView>> {
  const { server, sessions, ledger, readers } = world;
  const views = new Map<string, SessionView>();
  const look = async ({ id, logId }: Row): Promise<void> => {
    views.set(logId, await server.view(id));
  };
  for (const session of sessions) await look(session);

  const isBehind = (reader: RawReader): string | null => {
    for (const [logId, state] of reader.states) {
      const { row } = views.get(logId) ?? {};
      if (row === undefined) continue;
      if (state.seq < row.lastSeq) return `is at ${logId}:${state.seq}, not at ${row.lastSeq}`;
      const told = reader.rows.get(logId);
      if (told !== undefined && !isDeepStrictEqual(told, row)) {
        return `has the row ${JSON.stringify(told)}, not ${JSON.stringify(row)}`;
      }
    }
    return null;
  };
  const deadline = Date.now() + CAUGHT_UP_MS;
  for (const reader of readers) {
    for (let why = isBehind(reader); why !== null; why = isBehind(reader)) {
      if (Date.now() > deadline) {
        ledger.blame(`${reader.name} ${why}`);
        break;
      }
      reader.poke();
      await pass(10);
      // An agent may still say something between turns: its commands, when it was opened.
      for (const session of sessions) {
        const known = views.get(session.logId)?.row.lastSeq ?? 0;
        if (ledger.of(session.logId).state.seq > known) await look(session);
      }
    }
  }

  for (const [logId, { row, state }] of views) {
    const seen = ledger.of(logId).state;
    const same = (what: string, got: unknown, wanted: unknown): void => {
      if (isDeepStrictEqual(plain(got), plain(wanted))) return;
      const told = `${JSON.stringify(got)?.slice(0, 2000)} is not ${JSON.stringify(wanted)?.slice(0, 2000)}`;
      ledger.blame(`${what} of ${logId}: ${told}`);
    };
    same('the server’s state', state, lastPage(seen));
    same('the row', { ...row, ...projectRow(seen) }, row);
    for (const reader of readers) {
      const mine = reader.states.get(logId);
      // After a snapshot it begins later than the log.
      if (mine !== undefined) same(reader.name, mine, lastPage(seen, mine.turns.length));
    }
  }
  return views;
}

/** What the server said that it took is in the log, once. */
export function checkTaken(ledger: Ledger, traffic: Traffic): void {
  for (const { session, key, turnIds, cut } of traffic.prompts) {
    const turns = ledger.of(session.logId).turnsOfKey.get(key) ?? [];
    const most = cut ? 1 : turnIds.size;
    if (
      turnIds.size > 1 ||
      turns.length > 1 ||
      turns.length < turnIds.size ||
      turnIds.size > most
    ) {
      ledger.blame(`the key ${key} gave ${turns.join()}; answered were ${[...turnIds].join()}`);
    } else if (turnIds.size === 1 && !turnIds.has(turns[0] ?? '')) {
      ledger.blame(`the key ${key} gave ${turns.join()}, not ${[...turnIds].join()}`);
    }
  }
  const has = (logId: string, wanted: (event: SessionEvent) => boolean): boolean =>
    ledger.of(logId).events.some(wanted);
  for (const { logId, requestId, outcome } of traffic.answers) {
    const taken = has(
      logId,
      (event) =>
        event.type === 'request.resolved' &&
        event.requestId === requestId &&
        isDeepStrictEqual(plain(event.outcome), plain(outcome)),
    );
    if (!taken) ledger.blame(`the answer to ${requestId} was taken, and is not in the log`);
  }
  for (const { logId, turnId } of traffic.cancelled) {
    if (!has(logId, (event) => event.type === 'turn.cancelling' && event.turnId === turnId)) {
      ledger.blame(`the cancel of ${turnId} was taken, and is not in the log`);
    }
  }
  for (const { logId, turnId } of traffic.removed) {
    const [end] = ledger.of(logId).endsOfTurn.get(turnId) ?? [];
    if (end?.reason !== 'removed') ledger.blame(`${turnId} was removed, and is not`);
  }
}

/** To be called when all is idle and nothing is queued: every turn has its end, every request its answer, every text its words. */
export async function checkSettled({ server, sessions, ledger }: World): Promise<void> {
  for (const { id, logId } of sessions) {
    const { endsOfTurn, events, state } = ledger.of(logId);
    for (const [turnId, ends] of endsOfTurn) {
      if (ends.length !== 1) ledger.blame(`turn ${turnId} has ${ends.length} ends`);
    }
    const idsOf = (type: 'request.opened' | 'request.resolved'): string[] =>
      events.flatMap((event) => (event.type === type ? [event.requestId] : [])).sort();
    if (!isDeepStrictEqual(idsOf('request.opened'), idsOf('request.resolved'))) {
      ledger.blame(`requests of ${logId} were not each closed once`);
    }
    for (const turn of state.turns) checkWords(ledger, turn);
    const settled = await allTurns(server, id);
    if (!isDeepStrictEqual(plain(state.turns), settled)) {
      ledger.blame(`the stored turns of ${logId} are not the fold of its log`);
    }
  }
}

async function allTurns(server: TestServer, id: string): Promise<Turn[]> {
  const pages: Turn[][] = [];
  for (;;) {
    const first = pages.at(-1)?.[0];
    const before = first === undefined ? '' : `&before=${first.ordinal}`;
    const answer = await server.api('GET', `/api/sessions/${id}/turns?limit=100${before}`);
    const page = answer.body as TurnsPage;
    pages.push(page.turns);
    if (!page.more) return pages.toReversed().flat();
  }
}

/** `/count n` says `1 2 … n `: all of it, or a beginning when it was stopped. */
function checkWords(ledger: Ledger, { turnId, prompt, parts, end }: Turn): void {
  const [block] = prompt;
  const asked = block?.type === 'text' ? /^\/count (\d+)/.exec(block.text)?.[1] : undefined;
  if (asked === undefined) return;
  const text = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  const whole = Array.from({ length: Number(asked) }, (_, n) => `${n + 1} `).join('');
  if (end?.reason === 'end_turn' ? text !== whole : !whole.startsWith(text)) {
    ledger.blame(`${turnId} (${end?.reason}) said '${text.slice(-100)}' of ${asked}`);
  }
}

/** The prompt whose turn came while the server was stopping. */
export function dueAtBoot(atRest: SessionState) {
  return atRest.live === null ? atRest.queue.find(({ held }) => !held) : undefined;
}

/**
 * What boot may write (L10): requests closed, the running turn interrupted, and nothing else; but a prompt whose turn
 * came while the server was stopping is started (L14).
 */
export function checkRecovered(
  ledger: Ledger,
  atRest: ReadonlyMap<string, SessionState>,
  views: ReadonlyMap<string, SessionView>,
): void {
  for (const [logId, before] of atRest) {
    const written = ledger.of(logId).events.filter(({ seq }) => seq > before.seq);
    const types = written.map(({ type }) => type);
    const due = dueAtBoot(before);
    if (due !== undefined) {
      const [first] = written;
      if (first?.type !== 'turn.started' || first.turnId !== due.turnId) {
        ledger.blame(`boot wrote ${types.join()} to ${logId}, where ${due.turnId} was due`);
      }
      continue;
    }
    const resolved = types.filter((type) => type === 'request.resolved').length;
    const last = written.at(-1);
    const isFine =
      before.live === null
        ? written.length === 0
        : last?.type === 'turn.ended' &&
          last.reason === 'interrupted' &&
          last.turnId === before.live.turnId &&
          last.error !== undefined &&
          resolved === written.length - 1;
    if (!isFine)
      ledger.blame(`boot wrote ${types.join()} to ${logId}, live ${before.live?.turnId}`);
    const state = views.get(logId)?.state;
    const kept = state?.queue.map(({ turnId }) => turnId);
    const queued = before.queue.map(({ turnId }) => turnId);
    if (!isDeepStrictEqual(kept, queued))
      ledger.blame(`the queue ${queued.join()} is ${kept?.join()}`);
    if (state?.live !== null) ledger.blame(`${state?.live.turnId} runs after a boot`);
    if (before.live !== null && state?.queue.some(({ held }) => !held) === true) {
      ledger.blame(`the queue of ${logId} does not wait after a boot`);
    }
  }
}
