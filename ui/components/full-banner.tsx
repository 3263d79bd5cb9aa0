/** At the head of the page's main part while something is wrong: what happened, what is kept, what can be done. */
import { useEffect, useState } from 'preact/hooks';
import { bannerOf, countWords, REPLACED_MS, type Banner } from '../store/banner-words.ts';
import { ConnectionShape } from './connection-shape.tsx';
import { later } from './later.tsx';
import { useStore } from './store-context.ts';

const SignInDialog = later(async () => (await import('./sign-in-dialog.tsx')).SignInDialog);

export function FullBanner() {
  const { link, connection, updated, standing, timers } = useStore();
  /** The person has read that there is a newer version. */
  const [told, setTold] = useState(false);
  const replacedAt = standing.replacedAt.value;
  const banner = bannerOf({
    link: link.value,
    connection: connection.value,
    lostAt: standing.lostAt.value,
    replacedAt,
    updated: updated.value && !told,
  });
  const now = useClock(banner);
  useEffect(() => {
    if (replacedAt === null) return undefined;
    const timer = timers.setTimeout(standing.dismiss, REPLACED_MS);
    return () => timers.clearTimeout(timer);
  }, [replacedAt]);

  if (banner === null || now < banner.from) return null;
  const { tone, shape, title, text, kept, action, dismiss } = banner;
  const counted = countWords(banner, now);
  return (
    <section class="state-banner" data-tone={tone} aria-label={title}>
      <ConnectionShape name={shape} />
      <div class="state-words">
        <p class="state-title">{title}</p>
        <p>
          {text} {kept}
        </p>
        {counted === '' ? null : <p class="state-count">{counted}</p>}
      </div>
      <div class="buttons">
        {action === null ? null : <Action action={action} />}
        {dismiss ? (
          <button
            type="button"
            class="button small quiet"
            onClick={() => (replacedAt === null ? setTold(true) : standing.dismiss())}
          >
            {action === null ? 'Dismiss' : 'Later'}
          </button>
        ) : null}
      </div>
    </section>
  );
}

function Action({ action }: { action: NonNullable<Banner['action']> }) {
  const { retry } = useStore();
  const [open, setOpen] = useState(false);
  switch (action) {
    case 'retry':
    case 'again':
      return (
        <button type="button" class="button small" onClick={retry}>
          {action === 'again' ? 'Try again' : 'Try now'}
        </button>
      );
    case 'reload':
      return (
        <button type="button" class="button small" onClick={() => location.reload()}>
          Reload
        </button>
      );
    case 'sign-in':
      // In this page, so that what is shown and half-typed stays as it is.
      return (
        <>
          <button type="button" class="button small primary" onClick={() => setOpen(true)}>
            Sign in
          </button>
          {open ? <SignInDialog onClose={() => setOpen(false)} /> : null}
        </>
      );
  }
}

/** The time, once a second while the banner counts, and when it begins to be worth a word. */
function useClock(banner: Banner | null): number {
  const { timers } = useStore();
  const [, tick] = useState(0);
  const now = timers.now();
  const wait = banner === null ? null : waitOf(banner, now);
  useEffect(() => {
    if (wait === null) return undefined;
    const timer = timers.setTimeout(() => tick((count) => count + 1), wait);
    return () => timers.clearTimeout(timer);
  });
  return now;
}

/** Until it looks different, milliseconds; null: it stays as it is. */
function waitOf(banner: Banner, now: number): number | null {
  if (now < banner.from) return banner.from - now;
  return countWords(banner, now) === '' ? null : 1_000;
}
