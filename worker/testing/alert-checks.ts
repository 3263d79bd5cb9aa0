/** Alerts in a hub's life: tabs of every kind are there to tell, and at the end each end was told or seen. */
import { hold } from './check.ts';
import type { Life } from './take-step.ts';
import type { World } from './world.ts';

/** Gives tabs that are new their share of views, focus and permissions; by their number, so that a seed stays a life. */
export function createPresences({ tabs }: World): () => void {
  let done = 0;
  return () => {
    for (; done < tabs.length; done += 1) {
      const tab = tabs[done];
      if (tab === undefined) continue;
      tab.alerts.presence = {
        visible: done % 3 === 0,
        notify: done % 5 !== 4,
        sound: done % 2 === 0,
      };
      tab.alerts.focused = done % 2 === 0;
      tab.alerts.activated = done % 4 !== 1;
      tab.port.send({ presence: tab.alerts.presence });
    }
  };
}

/** What was told did happen, and nothing was told twice. */
export function expectToldOnce({ browser, server }: World): void {
  const seen = new Set<string>();
  for (const { id, how } of browser.told) {
    hold(!seen.has(`${id} ${how}`), `${id} was told twice (${how})`);
    seen.add(`${id} ${how}`);
    const [logId = '', , seq = ''] = id.split(':');
    const state = server.stateAt(logId, Number(seq));
    hold(state?.endedSeq === Number(seq), `${id} was told, and never was`);
  }
}

/**
 * Ends every turn, with the hub there or dead; after that each end was told or seen.
 * @param hubDies the worker dies before the ends, and the tabs find a new one after them
 */
export async function endAllTold(life: Life, hubDies: boolean): Promise<void> {
  const { world, live } = life;
  const { server, clock, browser } = world;
  if (hubDies) world.kill();
  const ended: string[] = [];
  for (const name of server.names()) {
    if (server.state(name).live === null) continue;
    while (server.state(name).live !== null) {
      server.say(name, 'the end');
      server.end(name);
    }
    const { logId, endedSeq } = server.row(name);
    ended.push(`${logId}:end:${endedSeq}`);
  }
  if (hubDies) for (const tab of live) await tab.attach();
  await clock.advance(15_000);
  if (!live.some(({ alerts }) => alerts.presence.notify)) return;
  for (const id of ended) {
    const told = browser.told.some((one) => one.id === id && one.how === 'notify');
    hold(told || browser.looked.has(id), `${id} was never told`);
    life.tally.told += told ? 1 : 0;
    life.tally.looked += told ? 0 : 1;
  }
}
