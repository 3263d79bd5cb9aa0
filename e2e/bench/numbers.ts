/** Pages that show counted numbers, and when each number was there. */
import type { Page } from 'playwright';

declare global {
  /** When each number was in the DOM first, milliseconds since the epoch, by number. */
  var seenAt: number[];
}

/** A page of the server's origin that replays a stream into its DOM, and nothing else. */
export async function openBarePage(page: Page, address: string, stream: string): Promise<void> {
  await page.route(address, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>bare</title><article aria-label="Agent"></article><script>
        const text = document.querySelector('article').appendChild(document.createTextNode(''));
        new EventSource(${JSON.stringify(stream)}).onmessage = ({ data }) => {
          const { type, update } = JSON.parse(data);
          if (type === 'turn.started') text.data = '';
          if (type === 'update' && update.content) text.appendData(update.content.text);
        };
      </script>`,
    }),
  );
  await page.goto(address);
}

/** From now on notes when numbers appear at the end of a turn's text (or of the bare page's). */
export async function watchNumbers(page: Page, turnId: string): Promise<void> {
  await page.evaluate((turnId) => {
    globalThis.seenAt = [];
    let known = 0;
    new MutationObserver(() => {
      const now = performance.timeOrigin + performance.now();
      const article =
        document.querySelector(`article[aria-label="Agent"][data-turn-id="${turnId}"]`) ??
        document.querySelector('article[aria-label="Agent"]:not([data-turn-id])');
      const text = article?.querySelector('.md')?.textContent ?? article?.textContent ?? '';
      // The text's end only: reading all of it each time would be the measurement.
      const newest = Number(/(\d+)\s*$/.exec(text.slice(-16))?.[1] ?? 0);
      for (let n = known + 1; n <= newest; n += 1) globalThis.seenAt[n] = known === 0 ? 0 : now;
      known = Math.max(known, newest);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    // Looks once at what is there already.
    document.body.append(document.createComment('watched'));
  }, turnId);
}

/** @returns once number `last` is there, when each was; 0 for those that were there before the watch */
export async function seenTimes(page: Page, last: number): Promise<number[]> {
  await page.waitForFunction((last) => globalThis.seenAt[last] !== undefined, last, {
    polling: 200,
    timeout: 60_000,
  });
  return page.evaluate(() => Array.from(globalThis.seenAt, (at) => at ?? 0));
}

/** @returns milliseconds from the page's navigation until a number of that turn (or of the bare page) was shown */
export function numberShown(page: Page, turnId: string, number: number): Promise<number> {
  return page.evaluate(
    ([turnId, number]) =>
      new Promise<number>((resolve) => {
        const watcher = new MutationObserver(() => {
          const article =
            document.querySelector(`article[aria-label="Agent"][data-turn-id="${turnId}"]`) ??
            document.querySelector('article[aria-label="Agent"]:not([data-turn-id])');
          const text = article?.querySelector('.md')?.textContent ?? article?.textContent ?? '';
          if (Number(/(\d+)\s*$/.exec(text.slice(-16))?.[1] ?? 0) < number) return;
          watcher.disconnect();
          resolve(performance.now());
        });
        watcher.observe(document, { subtree: true, childList: true, characterData: true });
        // Looks once at what is there already.
        document.documentElement.append(document.createComment('watched'));
      }),
    [turnId, number] as const,
  );
}
