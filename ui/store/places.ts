/** Where the reader was in each session of this tab, and what was open there: as it was when they come back (O5). */

/** A message, by what names its element, and how far its top is from the top of the box, in pixels. */
export interface Place {
  turnId: string;
  label: string;
  offset: number;
}

export interface Places {
  /** Null: at the end. */
  get(logId: string): Place | null;
  set(logId: string, place: Place | null): void;
  /** The cards of that session that are open, by names that its transcript gives them. */
  openCards(logId: string): Set<string>;
  forget(logId: string): void;
}

/** Every session is at its end, and every card closed. */
export function createPlaces(): Places {
  const places = new Map<string, Place>();
  const cards = new Map<string, Set<string>>();
  return {
    get: (logId) => places.get(logId) ?? null,
    set(logId, place) {
      if (place === null) places.delete(logId);
      else places.set(logId, place);
    },
    openCards(logId) {
      const known = cards.get(logId) ?? new Set();
      cards.set(logId, known);
      return known;
    },
    forget(logId) {
      places.delete(logId);
      cards.delete(logId);
    },
  };
}
