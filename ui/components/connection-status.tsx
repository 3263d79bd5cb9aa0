/** In the page's corner: the connection by shape and word, and the way to the hub's own page. */
import { HUB_PATH } from '../store/route.ts';
import { statusWords } from '../store/status-words.ts';
import { ConnectionShape } from './connection-shape.tsx';
import { PageLink } from './page-link.tsx';
import { useStore } from './store-context.ts';

export function ConnectionStatus() {
  const { link, connection, updated, router } = useStore();
  const { word, detail, tone, shape } = statusWords(link.value, connection.value);
  const here = router.route.value.kind === 'hub';
  return (
    <div class="standing" data-tone={tone} title={detail === '' ? 'Open the hub' : detail}>
      <p role="status">
        <PageLink href={HUB_PATH} class="standing-link" aria-current={here ? 'page' : 'false'}>
          <ConnectionShape name={shape} />
          <span class="standing-word">{word}</span>
        </PageLink>
        {/* Heard here, read in the banner. */}
        {detail === '' ? null : <span class="unseen"> {detail}</span>}
        {updated.value ? <span class="unseen"> A newer version is ready.</span> : null}
      </p>
    </div>
  );
}
