/** A store full of sessions, written through the store port as the server writes them. */
import type { EventBody } from '../../shared/events.ts';
import { emptyState } from '../../shared/state.ts';
import { createAppendDraft } from '../../server/sessions/append-draft.ts';
import { createLogFold, type LogFold } from '../../server/sessions/log-fold.ts';
import type { Store } from '../../server/store/store.ts';
import { createRandom } from '../fixtures/random.ts';

export interface Seeding {
  owner: string;
  /** How many turns each session has. */
  turns: readonly number[];
  /** Of each answer; about 6 bytes each. */
  words: number;
  /** In how many events an answer came: they are compacted, so the database is the same, but for the time it takes. */
  deltas: number;
  /** Tool calls of each turn, between the words; none without it. */
  cards?: number;
  /** Where the sessions' agent works. */
  cwd?: string;
}

export interface Seeded {
  /** The sessions' ids, in the order of `turns`. */
  ids: string[];
  /** UTF-8 bytes of prompts and answers, without any encoding. */
  textBytes: number;
  events: number;
}

const BATCH = 20;
const COMPACT_BYTES = 256 * 1024;
const SYLLABLES = ['ka', 'ro', 'mi', 'te', 'lu', 'son', 'pe', 'da', 'vi', 'nor', 'sha', 'gle'];

/** Some turns at a time are one append; their events are compacted then, as after the grace. */
export async function seedStore(store: Store, wanted: Seeding): Promise<Seeded> {
  const word = createWords();
  const seeded: Seeded = { ids: [], textBytes: 0, events: 0 };
  for (const [n, turns] of wanted.turns.entries()) {
    const logId = `log-of-session-${n}`;
    const session = {
      id: `bench-session-${n}`,
      logId,
      owner: wanted.owner,
      title: `${word()} ${word()} ${word()}`,
      titleSource: 'prompt' as const,
      agentId: 'demo',
      cwd: wanted.cwd ?? '/srv/project',
      createdAt: 1_700_000_000_000 + n,
    };
    await store.createSession(session);
    seeded.ids.push(session.id);
    let fold = createLogFold(emptyState(logId));
    for (let turn = 0; turn < turns; turn += BATCH) {
      const events: EventBody[] = [];
      for (let of = turn; of < Math.min(turns, turn + BATCH); of += 1) {
        const prompt = Array.from({ length: 12 }, word).join(' ');
        const answer = Array.from({ length: wanted.deltas }, () =>
          Array.from({ length: wanted.words / wanted.deltas }, () => `${word()} `).join(''),
        );
        events.push(...eventsOf(`turn-${n}-${of}`, prompt, answer, wanted.cards ?? 0));
        seeded.textBytes += Buffer.byteLength(prompt) + Buffer.byteLength(answer.join(''));
      }
      fold = await write(store, fold, events);
      seeded.events += events.length;
      while ((await store.compact(logId, fold.seq, COMPACT_BYTES)) < fold.seq);
    }
  }
  return seeded;
}

/** A few words come often and most of them seldom, as in a language (Zipf's law, 20,000 words). */
function createWords(): () => string {
  const random = createRandom(1);
  const spell = (n: number): string => {
    const last = SYLLABLES[n % SYLLABLES.length] ?? '';
    return n < SYLLABLES.length ? last : spell(Math.floor(n / SYLLABLES.length) - 1) + last;
  };
  return () => spell(Math.floor(20_000 ** (random.below(1_000_000) / 1_000_000)) - 1);
}

function eventsOf(
  turnId: string,
  prompt: string,
  answer: readonly string[],
  cards: number,
): EventBody[] {
  const asked = { key: `key-${turnId}`, prompt: [{ type: 'text' as const, text: prompt }] };
  return [
    { type: 'turn.queued', turnId, mode: 'queue', ...asked },
    { type: 'turn.started', turnId },
    ...Array.from({ length: cards }, (_, n) => cardOf(turnId, n, answer[0] ?? '')),
    ...answer.map((text): EventBody => {
      const content = { type: 'text' as const, text };
      return { type: 'update', turnId, update: { sessionUpdate: 'agent_message_chunk', content } };
    }),
    { type: 'turn.ended', turnId, reason: 'end_turn' },
  ];
}

/** Every second one changes a file, the others read one. */
function cardOf(turnId: string, n: number, text: string): EventBody {
  const path = `/srv/project/src/part-${n}.ts`;
  const lines = text.replaceAll(/(\S+ \S+ \S+ \S+) /g, '$1\n');
  const edits = n % 2 === 1;
  const content = edits
    ? { type: 'diff' as const, path, oldText: lines, newText: `${lines}// ${n}\n` }
    : { type: 'content' as const, content: { type: 'text' as const, text: lines } };
  const update = {
    sessionUpdate: 'tool_call' as const,
    toolCallId: `${turnId}-call-${n}`,
    title: `${edits ? 'Edit' : 'Read'} part-${n}.ts`,
    kind: edits ? ('edit' as const) : ('read' as const),
    status: 'completed' as const,
    locations: [{ path, line: n + 1 }],
    rawInput: { path },
    content: [content],
  };
  return { type: 'update', turnId, update };
}

async function write(store: Store, base: LogFold, events: EventBody[]): Promise<LogFold> {
  const { logId } = base.full();
  const draft = createAppendDraft(logId, base, 1_700_000_000_000 + base.seq);
  draft.add(events);
  const append = draft.append();
  if (append !== null) await store.append(append);
  return createLogFold({ ...draft.fold.full(), turns: [] });
}
