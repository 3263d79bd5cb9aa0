/** What the sidebar's search box looks for: asked for when the person pauses, and only the newest answer counts. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { SearchHit } from '../../shared/api.ts';
import { unreachable, type ApiError } from '../../shared/errors.ts';
import type { Commands } from '../../shared/hub-api.ts';
import type { Timers } from '../env.ts';

export type Findings =
  /** Too little is typed to look for. */
  | { kind: 'none' }
  /** `hits`: of what was looked for before, so that the list does not blink while one types on. */
  | { kind: 'searching'; hits: SearchHit[] }
  | { kind: 'found'; hits: SearchHit[] }
  | { kind: 'failed'; error: ApiError };

export interface Search {
  /** What is in the box. */
  readonly wanted: ReadonlySignal<string>;
  readonly findings: ReadonlySignal<Findings>;
  want(text: string): void;
  /** Looks again for the same. */
  retry(): void;
  /** Leaves no timer; twice is fine. */
  close(): void;
}

export interface SearchDeps {
  commands: Pick<Commands, 'search'>;
  timers: Timers;
}

/** A pause in typing, milliseconds. */
export const PAUSE_MS = 200;
/** One letter is in every message. */
const MIN_CHARS = 2;

/** Looks for nothing at first. */
export function createSearch({ commands, timers }: SearchDeps): Search {
  const wanted = signal('');
  const findings = signal<Findings>({ kind: 'none' });
  let timer: number | null = null;
  let asked = 0;

  const cancel = () => {
    asked += 1;
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
  };
  const ask = async () => {
    cancel();
    const mine = asked;
    const result = await commands.search(wanted.value.trim());
    // Something else is looked for by now.
    if (mine !== asked) return;
    findings.value = result.ok
      ? { kind: 'found', hits: result.value }
      : { kind: 'failed', error: result.error };
  };
  const start = (ms: number) => {
    cancel();
    if (wanted.value.trim().length < MIN_CHARS) {
      findings.value = { kind: 'none' };
      return;
    }
    findings.value = { kind: 'searching', hits: hitsOf(findings.value) };
    timer = timers.setTimeout(() => void ask(), ms);
  };

  return {
    wanted,
    findings,
    want(text) {
      if (text === wanted.value) return;
      const same = text.trim() === wanted.value.trim();
      wanted.value = text;
      if (!same) start(PAUSE_MS);
    },
    retry: () => start(0),
    close: cancel,
  };
}

function hitsOf(findings: Findings): SearchHit[] {
  switch (findings.kind) {
    case 'searching':
    case 'found':
      return findings.hits;
    case 'none':
    case 'failed':
      return [];
    default:
      return unreachable(findings);
  }
}
