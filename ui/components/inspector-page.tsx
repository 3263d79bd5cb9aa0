/** `/hub`: what connects this browser with the server, as a picture and as tables that say the same. */
import { useComputed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { watchHub, type HubWatch } from '../store/hub-watch.ts';
import { many } from '../store/figures.ts';
import { countedWords, viewHub, type HubView } from '../store/hub-view.ts';
import { HubFacts, StreamTable, TabTable } from './hub-tables.tsx';
import { HubPicture } from './hub-picture.tsx';
import { useStore } from './store-context.ts';

export function HubPage() {
  const { inspect, visible, timers } = useStore();
  const [watch, setWatch] = useState<HubWatch | null>(null);
  useEffect(() => {
    const made = watchHub({ inspect, visible, timers });
    setWatch(made);
    return made.close;
  }, []);
  return (
    <section class="hub-page">
      <header>
        <h1>Hub</h1>
        <p class="hub-intro">
          All tabs of this browser share one hub. It reads each running session from the server
          once, and hands it to every tab that shows it.
        </p>
      </header>
      {watch === null ? null : <Watched watch={watch} />}
    </section>
  );
}

function Watched({ watch }: { watch: HubWatch }) {
  const { link } = useStore();
  const view = useComputed(() => viewHub(watch.snapshots.value)).value;
  const count = watch.server.value;
  if (view === null) {
    return (
      <p class="hint">
        {watch.silent.value ? 'The hub does not answer. It is asked again.' : 'Asking the hub…'}
      </p>
    );
  }
  const inPage = link.value.state === 'attached' && link.value.inPage;
  return (
    <>
      {watch.silent.value ? (
        <p class="hub-stale">The hub does not answer now: this is what it said last.</p>
      ) : null}
      <figure class="hub-figure">
        <HubPicture view={view} count={count} inPage={inPage} />
        <figcaption class="hint">
          {countWords(view, count)} Lines are thicker the more they carry; what flows moves.
        </figcaption>
      </figure>
      <StreamTable view={view} count={count} />
      <TabTable view={view} />
      <HubFacts view={view} count={count} inPage={inPage} />
    </>
  );
}

function countWords(view: HubView, count: HubWatch['server']['value']): string {
  if (count === null) return `This hub has ${many(view.streams, 'stream')}.`;
  if ('error' in count) return `The server’s own count is not known: ${count.error.message}`;
  return countedWords(view, count.diagnostics);
}
