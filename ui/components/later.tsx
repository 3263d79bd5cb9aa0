/** Code that few visits need is fetched when it is first shown, and costs the others nothing. */
import type { ComponentChild, FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export type Later<Props extends object> = FunctionComponent<Props> & {
  /** Before it is shown: it will be there at once. Rejects as `load` does. */
  fetch(): Promise<void>;
};

/**
 * @param load fetches the component; asked once it is first shown, and again by the next one when that failed
 * @param meanwhile what is shown until then: by itself nothing, and after a while that it loads; null: nothing, and nothing
 * is said either when it can't be had, for it is no loss. Made anew each time: see `memo.ts`
 */
export function later<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
  meanwhile: (() => ComponentChild) | null = () => <p class="hint soon" />,
): Later<Props> {
  let found: FunctionComponent<Props> | null = null;
  const fetch = async () => {
    found ??= await load();
  };
  function Later(props: Props) {
    const [state, setState] = useState<'loading' | 'there' | 'failed'>(
      found === null ? 'loading' : 'there',
    );
    useEffect(() => {
      // Also when another one's code came in between its rendering and this: nobody else tells it.
      fetch().then(
        () => setState('there'),
        () => setState('failed'),
      );
    }, []);
    const Found = found;
    if (Found !== null) return <Found {...props} />;
    return state === 'failed' && meanwhile !== null ? (
      <p class="problem" role="alert">
        This part of the page could not be loaded. Reload the page.
      </p>
    ) : (
      meanwhile?.()
    );
  }
  return Object.assign(Later, { fetch });
}
