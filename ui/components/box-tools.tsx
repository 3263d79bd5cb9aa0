/** What every box has in which a message is written. */
import { useRef } from 'preact/hooks';
import type { ApiError } from '../../shared/errors.ts';
import { SEND_KEYS } from '../store/enter.ts';
import { useStore } from './store-context.ts';

/** Told when what adds files can't be fetched. */
export const NOT_LOADED: ApiError = {
  code: 'network',
  message: 'A part of this page could not be loaded. Reload the page; what is typed is kept.',
};

export function AttachButton({ onAdd }: { onAdd(files: File[]): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="tool-button"
        aria-label="Attach files"
        title="Attach images or files. They can also be pasted, or dropped on the page."
        onClick={() => input.current?.click()}
      >
        <svg class="tool-icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M10.8 4.6 6 9.4a1.6 1.6 0 0 0 2.3 2.3l5-5a3.2 3.2 0 0 0-4.6-4.5L3.4 7.5a4.8 4.8 0 0 0 6.8 6.8l4-4" />
        </svg>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onAdd([...(event.currentTarget.files ?? [])]);
          // The same file again is a change, too.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

/** What Enter does here (P42). */
export function EnterHint() {
  return (
    <p class="hint composer-hint">
      {useStore().enter.value.value === 'sends' ? 'Enter sends' : `${SEND_KEYS} sends`}
    </p>
  );
}
