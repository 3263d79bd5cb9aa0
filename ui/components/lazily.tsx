/** A component whose script is not part of the page's first one. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export interface Lazy<Props> {
  /** Shown as soon as its script is there; that it could not be had is said in its place. */
  Part: ComponentType<Props>;
  /** Fetches the script if that was not done; never rejects. @returns whether it is there */
  load(): Promise<boolean>;
}

export function lazily<Props extends object>(
  fetchPart: () => Promise<ComponentType<Props>>,
): Lazy<Props> {
  let part: ComponentType<Props> | null = null;
  let loading: Promise<boolean> | null = null;
  const load = () => {
    loading ??= fetchPart().then(
      (fetched) => {
        part = fetched;
        return true;
      },
      () => {
        loading = null;
        return false;
      },
    );
    return loading;
  };
  function Part(props: Props) {
    const [state, setState] = useState<'waiting' | 'here' | 'failed'>('waiting');
    useEffect(() => {
      let gone = false;
      if (part === null) {
        void load().then((here) => {
          if (!gone) setState(here ? 'here' : 'failed');
        });
      }
      return () => {
        gone = true;
      };
    }, []);
    if (part !== null) {
      const Here = part;
      return <Here {...props} />;
    }
    if (state !== 'failed') return null;
    return (
      <p class="problem" role="alert">
        A part of this page could not be loaded. Reload the page.
      </p>
    );
  }
  return { Part, load };
}
