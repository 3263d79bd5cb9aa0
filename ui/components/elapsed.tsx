/** How long something has been going on, counted on. Its words are drawn by the stylesheet: they are no part of the transcript's text. */
import { useEffect, useState } from 'preact/hooks';
import { shortTime } from './short-time.ts';

/** What is over sooner shows no time. */
const FROM_MS = 3000;

export function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const ms = now - since;
  return ms < FROM_MS ? null : (
    <span class="elapsed" aria-hidden="true" data-time={shortTime(Math.floor(ms / 1000) * 1000)} />
  );
}
