/** Messages that have what the search box looks for; each leads to its turn. */
import { unreachable } from '../../shared/errors.ts';
import type { SearchHit } from '../../shared/api.ts';
import { sessionPath } from '../store/route.ts';
import type { Findings } from '../store/search.ts';
import { PageLink } from './page-link.tsx';
import { useStore } from './store-context.ts';
import { titleOf } from './words.ts';

export function MessageHits({ onFollow }: { onFollow(): void }) {
  const { search, rows } = useStore();
  const findings = search.findings.value;
  if (findings.kind === 'none') return null;
  const hits = findings.kind === 'failed' ? [] : findings.hits;
  // A session that was deleted since, or is another principal's now, is in no row.
  const shown = hits.filter(({ logId, turnId }) => turnId !== null && rows.byLog(logId));
  return (
    <section class="hits" aria-label="In messages" aria-busy={findings.kind === 'searching'}>
      <h2>In messages</h2>
      <ul>
        {shown.map((hit) => (
          <Hit key={`${hit.logId} ${hit.turnId}`} hit={hit} onFollow={onFollow} />
        ))}
      </ul>
      <p class="empty" aria-live="polite">
        {stateWords(findings, shown.length)}
      </p>
      {findings.kind === 'failed' ? (
        <button type="button" class="button small" onClick={search.retry}>
          Try again
        </button>
      ) : null}
    </section>
  );
}

function Hit({ hit, onFollow }: { hit: SearchHit; onFollow(): void }) {
  const row = useStore().rows.byLog(hit.logId);
  if (row === undefined || hit.ordinal === null) return null;
  return (
    <li>
      <PageLink href={sessionPath(row.id, hit.ordinal)} class="hit" onFollow={onFollow}>
        <span class="hit-title">{titleOf(row)}</span>
        <span class="hit-text">
          {hit.snippet.map(({ text, marked }, at) =>
            marked ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
          )}
        </span>
      </PageLink>
    </li>
  );
}

function stateWords(findings: Exclude<Findings, { kind: 'none' }>, count: number): string {
  switch (findings.kind) {
    case 'searching':
      return count === 0 ? 'Searching…' : '';
    case 'found':
      return count === 0 ? 'No message has these words.' : '';
    case 'failed':
      return `Messages could not be searched. ${findings.error.message}`;
    default:
      return unreachable(findings);
  }
}
