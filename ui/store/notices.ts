/** What went wrong, told where it happened, until dismissed: what happened, what was kept, what to do. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { ApiError } from '../../shared/errors.ts';

export interface Notice {
  id: number;
  /** The session it belongs to, by its log; null: the whole page. */
  logId: string | null;
  title: string;
  detail: string;
}

export interface Notices {
  readonly all: ReadonlySignal<Notice[]>;
  /** @param title what did not work; the error says why and what to do */
  add(logId: string | null, title: string, error: ApiError): void;
  dismiss(id: number): void;
}

/** None at first. The same notice twice is shown once. */
export function createNotices(): Notices {
  const all = signal<Notice[]>([]);
  let count = 0;
  return {
    all,
    add(logId, title, error) {
      count += 1;
      const notice: Notice = { id: count, logId, title, detail: error.message };
      const others = all.value.filter(
        (one) => one.logId !== logId || one.title !== title || one.detail !== notice.detail,
      );
      all.value = [...others, notice];
    },
    dismiss(id) {
      all.value = all.value.filter((notice) => notice.id !== id);
    },
  };
}
