/** Since when this tab is without its hub, and when another hub took over: what a person is told of it. */
import { batch, signal, type ReadonlySignal } from '@preact/signals';
import type { Link } from '../hub/link.ts';

export interface Standing {
  /** Since when no hub answers, milliseconds since the epoch; null while one does, or the page rests. */
  readonly lostAt: ReadonlySignal<number | null>;
  /** When another hub took the place of the one before, under the eyes of this page; null: never, or it was read. */
  readonly replacedAt: ReadonlySignal<number | null>;
  onLink(link: Link): void;
  /** The person has read that the hub is another. */
  dismiss(): void;
}

export function createStanding(now: () => number): Standing {
  const lostAt = signal<number | null>(null);
  const replacedAt = signal<number | null>(null);
  let hubId: string | null = null;
  return {
    lostAt,
    replacedAt,
    onLink(link) {
      batch(() => {
        switch (link.state) {
          case 'attached':
            if (hubId !== null && hubId !== link.hub.hubId) replacedAt.value = now();
            hubId = link.hub.hubId;
            lostAt.value = null;
            return;
          case 'suspended':
            // A page that comes back from the browser's cache may find another hub: that is nobody's trouble.
            hubId = null;
            lostAt.value = null;
            return;
          default:
            lostAt.value ??= now();
        }
      });
    },
    dismiss() {
      replacedAt.value = null;
    },
  };
}
