/**
 * The reader's place in a transcript: at the end while they are there; elsewhere it stays where it is, whatever
 * comes in above or below, and where it was when they come back; and a link to a turn leads to it.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SessionRef } from '../store/actions.ts';
import type { Span } from '../store/kept-turns.ts';
import { isMounted, type Mounted } from '../store/mounting.ts';
import type { ShownView } from '../store/pane.ts';
import { followEnd, type FollowEnd } from './follow-end.ts';
import {
  heldTurns,
  noteCard,
  placeIn,
  reopenCards,
  restorePlace,
  showTurn,
  topIn,
} from './reading.ts';
import { useStore } from './store-context.ts';

/** Turns are loaded when the reader comes this near to where they are missing, in pixels. */
const AHEAD = 800;
/** A page of turns around one that was looked for: this many after it, the rest before. */
const AFTER = 10;
/** With fewer there is nothing to think about. */
const MANY = 40;
/** As many as the server sends in a page. */
const PAGE = 20;

export interface Reading {
  /** For the box that scrolls, and for what grows in it. */
  box: { current: HTMLDivElement | null };
  column: { current: HTMLDivElement | null };
  /** For the mark of the gap, if there is one. */
  gap: { current: HTMLParagraphElement | null };
  /** A page is on its way. */
  loading: boolean;
  /** There are turns before the first one that is shown. */
  earlier: boolean;
  /** How many turns are missing in the gap; 0 when there is none. */
  between: number;
  showEarlier(): void;
  showBetween(): void;
  toEnd(): void;
}

/** @param mounted what of it is in the page */
export function useReading(session: SessionRef, view: ShownView, mounted: Mounted): Reading {
  const { state, apart } = view;
  const { logId } = session;
  const { atEnd, places, showTurns, keepTurns, router, notices } = useStore();
  const box = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const gap = useRef<HTMLParagraphElement>(null);
  const follow = useRef<FollowEnd>(null);
  const [loading, setLoading] = useState(false);
  const arrivals = router.arrivals.value;

  const main = (state.turns[0] ?? state.live)?.ordinal ?? state.started;
  const first = apart[0]?.ordinal ?? main;
  const last = apart.at(-1)?.ordinal ?? main - 1;
  const between = main - last - 1;
  const earlier = first > 0;

  /** What comes in above the reader must not move what is read: the place is taken before it does. */
  const shape = `${first} ${last} ${main} ${mounted?.first} ${mounted?.last} ${mounted?.endOnly}`;
  const shapeBefore = useRef(shape);
  const place = useRef<ReturnType<typeof placeIn>>(null);
  if (shapeBefore.current !== shape) {
    shapeBefore.current = shape;
    place.current = box.current === null ? null : placeIn(box.current);
  }

  /** The turn that an address named, until it is shown. */
  const wanted = useRef<number | null>(null);
  /** The arrival that its page was asked for. */
  const asked = useRef(0);
  const newest = useRef(view);
  newest.current = view;
  const reader = (): Span | null => {
    if (wanted.current !== null) return { first: wanted.current, last: wanted.current };
    const element = box.current;
    const held = element === null ? null : heldTurns(element);
    const shown = newest.current;
    const ordinals = [...shown.apart, ...shown.state.turns, shown.state.live].flatMap((turn) =>
      turn !== null && held?.has(turn.turnId) === true ? [turn.ordinal] : [],
    );
    const [first] = ordinals;
    return first === undefined ? null : { first, last: ordinals.at(-1) ?? first };
  };
  const load = async (before: number): Promise<boolean> => {
    if (busy.current) return false;
    busy.current = true;
    setLoading(true);
    const loaded = await showTurns(session, before, reader);
    failed.current = !loaded;
    busy.current = false;
    setLoading(false);
    return loaded;
  };
  const busy = useRef(false);
  /** After a failure, which is told, only a button asks again. */
  const failed = useRef(false);
  const showEarlier = () => void load(first);
  const showBetween = () => void load(last + 1 + PAGE);

  /** With the values of the last render, for listeners that stay. */
  const onScroll = useRef((_up: boolean): void => {});
  onScroll.current = (up) => {
    const element = box.current;
    if (element === null || mounted !== null || busy.current || failed.current) return;
    if (up && earlier && element.scrollTop < AHEAD) return showEarlier();
    if (gap.current === null) return;
    const top = topIn(element, gap.current);
    // On the way up the turns before the newest ones are missed, on the way down those after the others.
    if (up && top < 0 && top > -AHEAD) void load(main);
    else if (!up && top >= 0 && top < element.clientHeight + AHEAD) showBetween();
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || column.current === null) return;
    const cards = places.openCards(logId);
    const kept = places.get(logId);
    atEnd.value = kept === null;
    const following = followEnd(element, column.current, (is) => {
      atEnd.value = is;
    });
    follow.current = following;
    reopenCards(element, cards);
    if (kept !== null) following.goTo(() => restorePlace(element, kept));

    let scrolled = element.scrollTop;
    const scroll = () => {
      const up = element.scrollTop < scrolled;
      scrolled = element.scrollTop;
      onScroll.current(up);
    };
    const toggle = (event: Event) => noteCard(event.target, cards);
    element.addEventListener('scroll', scroll, { passive: true });
    // It doesn't bubble.
    element.addEventListener('toggle', toggle, { capture: true });
    return () => {
      places.set(logId, atEnd.value ? null : placeIn(element));
      element.removeEventListener('scroll', scroll);
      element.removeEventListener('toggle', toggle, { capture: true });
      following.close();
      atEnd.value = false;
    };
  }, []);

  // Turns that end in a page that stays open for long.
  useEffect(() => {
    if (state.turns.length + apart.length > MANY) void keepTurns(logId, reader);
  }, [state.turns.length]);

  useLayoutEffect(() => {
    const { route } = router;
    wanted.current = route.value.kind === 'session' ? route.value.turn : null;
  }, [arrivals]);

  useLayoutEffect(() => {
    const element = box.current;
    const following = follow.current;
    if (element === null || following === null) return;
    const before = place.current;
    place.current = null;
    if (before !== null) reopenCards(element, places.openCards(logId));
    if (before !== null) {
      following.goTo(() => {
        if (atEnd.value) element.scrollTop = element.scrollHeight;
        else restorePlace(element, before);
      });
    }

    const ordinal = wanted.current;
    if (ordinal === null) return;
    const { turns, live } = state;
    const turn = [...apart, ...turns, live].find((one) => one?.ordinal === ordinal);
    if (turn != null) {
      if (!isMounted(mounted, turn)) return;
      wanted.current = null;
      following.goTo(() => showTurn(element, turn.turnId));
    } else if (ordinal >= main) {
      wanted.current = null;
      notices.add(logId, 'There is no such turn in this session.', {
        code: 'not_found',
        message: 'This is where the session stands now.',
      });
    } else if (asked.current === arrivals) {
      // It did not come; why has been told.
      if (!loading) wanted.current = null;
    } else if (!busy.current) {
      asked.current = arrivals;
      void load(ordinal + AFTER);
    }
  }, [shape, arrivals, loading, state.live?.turnId]);

  return {
    box,
    column,
    gap,
    loading,
    earlier: earlier && mounted === null,
    between,
    showEarlier,
    showBetween,
    toEnd() {
      const element = box.current;
      if (element === null) return;
      follow.current?.goTo(() => {
        element.scrollTop = element.scrollHeight;
      });
      column.current?.focus({ preventScroll: true });
    },
  };
}
