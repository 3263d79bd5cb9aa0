/** The place of the banner that tells what is wrong. Its code comes once the page is there: without a server it could not. */
import { statusWords } from '../store/status-words.ts';
import { later } from './later.tsx';
import { useStore } from './store-context.ts';

export const FullBanner = later(async () => (await import('./full-banner.tsx')).FullBanner);

export function StateBanner() {
  const { link, connection, updated, standing } = useStore();
  const { word } = statusWords(link.value, connection.value);
  const well = word === 'live' || word === 'connecting';
  return well && !updated.value && standing.replacedAt.value === null ? null : <FullBanner />;
}
