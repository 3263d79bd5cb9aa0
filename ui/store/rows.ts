/** The rows of the sidebar, as the directory's deltas make them. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { DirectoryDelta } from '../../shared/directory.ts';
import { rowHasId, type Row } from '../../shared/row.ts';

export interface Rows {
  /** False until the first delta: no rows then means not known, not none. */
  readonly known: ReadonlySignal<boolean>;
  /** The one changed last comes first. */
  readonly sorted: ReadonlySignal<Row[]>;
  /** How many requests wait for the person, in all sessions (O7). */
  readonly asking: ReadonlySignal<number>;
  /** How many sessions run, also those that are being stopped. */
  readonly running: ReadonlySignal<number>;
  /** By canonical id or alias; the canonical one wins. */
  find(sessionId: string): Row | undefined;
  byLog(logId: string): Row | undefined;
  apply(delta: DirectoryDelta): void;
}

/** Empty, and not known. */
export function createRows(): Rows {
  const known = signal(false);
  const rows = signal<ReadonlyMap<string, Row>>(new Map());
  const sorted = computed(() =>
    [...rows.value.values()].sort(
      (a, b) => b.updatedAt - a.updatedAt || (a.logId < b.logId ? -1 : 1),
    ),
  );
  const asking = computed(() => sorted.value.reduce((sum, row) => sum + row.openRequests, 0));
  const running = computed(() => sorted.value.filter(isRunning).length);
  return {
    known,
    sorted,
    asking,
    running,
    find: (sessionId) =>
      sorted.value.find((row) => row.id === sessionId) ??
      sorted.value.find((row) => rowHasId(row, sessionId)),
    byLog: (logId) => rows.value.get(logId),
    apply(delta) {
      const next = new Map(delta.reset ? [] : rows.value);
      for (const logId of delta.removed) next.delete(logId);
      for (const row of delta.rows) next.set(row.logId, row);
      rows.value = next;
      known.value = true;
    },
  };
}

const isRunning = ({ status }: Row): boolean => status === 'running' || status === 'cancelling';
