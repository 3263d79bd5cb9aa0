/** Tells who listens what happens in the pane, now and then (P80). */
import { effect } from '@preact/signals';
import type { SessionState } from '../../shared/state.ts';
import type { Timers } from '../env.ts';
import { tellOn, toldAll, type Told } from './tell.ts';

/** Between two announcements, milliseconds: time for a sentence or two to be written, and to be heard. */
export const TELL_MS = 1500;

export interface AnnounceDeps {
  /** What the pane shows, if it shows a session. Read inside an effect: may read signals. */
  state(): SessionState | null;
  /** Nobody listens to a page behind others: what happens there is not told later either. */
  visible(): boolean;
  timers: Pick<Timers, 'setTimeout' | 'clearTimeout'>;
  say(words: string): void;
}

/** @returns stop; twice is fine, and leaves no timer */
export function startAnnouncing({ state, visible, timers, say }: AnnounceDeps): () => void {
  let told: Told | null = null;
  let timer: number | null = null;
  let latest: SessionState | null = null;
  const tell = () => {
    timer = null;
    if (latest === null || told === null) return;
    const next = tellOn(told, latest);
    told = next.told;
    if (next.said !== '' && visible()) say(next.said);
  };
  const stop = effect(() => {
    latest = state();
    if (latest === null) {
      told = null;
      return;
    }
    if (told?.logId !== latest.logId) told = toldAll(latest);
    else timer ??= timers.setTimeout(tell, TELL_MS);
  });
  return () => {
    stop();
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
  };
}
