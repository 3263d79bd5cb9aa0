/** Pages of settled turns, brought into a pane and let go again (P70). */
import type { Actions, SessionRef } from './actions.ts';
import type { Span } from './kept-turns.ts';
import type { ShownView } from './pane.ts';
import type { Panes } from './panes.ts';

export interface TurnPages {
  /**
   * Brings a page of settled turns into the pane: those before that ordinal.
   * @param reader where the reader is when they come
   * @returns false when they could not be had
   */
  show(session: SessionRef, before: number, reader: () => Span | null): Promise<boolean>;
  /** Lets go of settled turns far from the reader, if there are too many. */
  keep(logId: string, reader: () => Span | null): Promise<void>;
}

export function createTurnPages(
  actions: Pick<Actions, 'olderTurns'>,
  panes: Pick<Panes, 'place'>,
): TurnPages {
  return {
    async show(session, before, reader) {
      const [turns, keep] = await Promise.all([
        actions.olderTurns(session, before),
        keeping(reader),
      ]);
      if (turns !== null) panes.place(session.logId, turns, keep);
      return turns !== null;
    },
    async keep(logId, reader) {
      panes.place(logId, [], await keeping(reader));
    },
  };
}

/** Few sessions are so long that turns have to go. Where it can't be fetched, they stay. */
async function keeping(reader: () => Span | null): Promise<(view: ShownView) => ShownView> {
  try {
    const { keepNear } = await import('./kept-turns.ts');
    return (view) => keepNear(view, reader());
  } catch {
    return (view) => view;
  }
}
