import { afterEach, expect, test, vi } from 'vitest';
import { newAlerts, type AlertOffer, type AlertReply } from '../../shared/alerts.ts';
import type { Row } from '../../shared/row.ts';
import { createPage, type Page } from '../testing/fake-client.ts';
import { ended, makeRow, permission, rowOf, settled, stateOf } from '../testing/fixtures.ts';
import { alertWords } from './words.ts';

let page: Page;

afterEach(() => {
  page.store.close();
  page.store.close();
  expect([page.alerts.listeners, page.pageLife.listeners]).toEqual([0, 0]);
  expect(page.alerts.notes).toEqual([]);
});

const open = (path = '/'): Page => (page = createPage(path));
const finished = (id: string, fields: Partial<Row> = {}): Row =>
  rowOf(id, stateOf(`log-${id}`, settled('t', 'go', 'done')), fields);
const offer = (row: Row, patch: Partial<AlertOffer> = {}): AlertOffer[] =>
  newAlerts(undefined, row).map((alert) =>
    Object.assign(
      { alert, notify: true, sound: false, until: page.alerts.state.now + 1_000 },
      patch,
    ),
  );
const replies = (): AlertReply[] =>
  page.said.flatMap((aside) => ('reply' in aside ? [aside.reply] : []));
const replied = (count: number) => vi.waitFor(() => expect(replies()).toHaveLength(count));
const allow = async (): Promise<void> => {
  await page.store.alerts.settings.toggleNotifications();
};

test('[O8] off at first; a click asks the browser; every tab follows, and the hub hears of it', async () => {
  const { store, alerts, said } = open();
  const { settings } = store.alerts;
  expect([settings.notifications.value, settings.sound.value]).toEqual(['off', 'off']);
  expect(alerts.state.permission).toBe('default');
  await allow();
  expect(settings.notifications.value).toBe('on');
  expect(said.at(-1)).toEqual({ presence: { visible: true, notify: true, sound: false } });
  alerts.changeElsewhere('tabcast.notifications', 'off');
  expect(settings.notifications.value).toBe('off');
  expect(said.at(-1)).toEqual({ presence: { visible: true, notify: false, sound: false } });
  expect(settings.toggleSound()).toBe('on');
  expect(page.about().presence).toEqual({ visible: true, notify: false, sound: true });
});

test('[O8] what the browser refuses stays off and is told; changed in its settings, it holds at the next look', async () => {
  const { store, alerts, pageLife } = open();
  alerts.state.answer = 'denied';
  await allow();
  const { notifications } = store.alerts.settings;
  expect(notifications.value).toBe('blocked');
  expect(alerts.values.get('tabcast.notifications')).toBe('off');
  alerts.state.permission = 'granted';
  pageLife.setVisible(true);
  expect(notifications.value).toBe('off');
  await allow();
  expect(notifications.value).toBe('on');
  alerts.state.permission = 'unsupported';
  pageLife.setVisible(true);
  expect(notifications.value).toBe('unsupported');
});

test('[O8] a notification has the title and what happened, and is taken back when somebody has read it', async () => {
  const { rows, alerts, receive } = open();
  await allow();
  const row = finished('a', { title: 'Fix the build' });
  rows([row]);
  receive({ alerts: offer(row) });
  await replied(1);
  expect(replies()[0]).toMatchObject({ over: false, notified: true, sounded: false });
  expect(alerts.notes).toMatchObject([
    { id: `log-a:end:${row.endedSeq}`, title: 'Fix the build', body: 'Finished' },
  ]);
  rows([{ ...row, readSeq: row.endedSeq }]);
  expect(alerts.notes).toEqual([]);
});

test('[O8] nobody tells twice: what is claimed, or settled meanwhile, or late', async () => {
  const { rows, alerts, receive } = open();
  await allow();
  const row = finished('a');
  rows([row]);
  alerts.claims.add(`log-a:end:${row.endedSeq}:notify`);
  receive({ alerts: offer(row) });
  await replied(1);
  receive({ alerts: offer(row, { until: alerts.state.now }) });
  await replied(2);
  rows([{ ...row, readSeq: row.endedSeq }]);
  receive({ alerts: offer(row) });
  await replied(3);
  expect(replies()).toMatchObject([{ notified: true }, { late: true }, { over: true }]);
  expect(alerts.notes).toEqual([]);
});

test('[O8] a page at the session’s end, in view and with the focus, is looked at; another is not', async () => {
  const { rows, alerts, receive, snapshot, store, pageLife } = open('/session/a');
  const state = stateOf('log-a', settled('t', 'go', 'done'));
  const row = rowOf('a', state, { readSeq: -1 });
  rows([row]);
  snapshot(state);
  store.atEnd.value = true;
  const ask = async (count: number): Promise<AlertReply | undefined> => {
    receive({ alerts: offer(row, { notify: false }) });
    await replied(count);
    return replies().at(-1);
  };
  alerts.state.focused = false;
  expect(await ask(1)).toMatchObject({ over: false, notified: false });
  alerts.state.focused = true;
  pageLife.setVisible(false);
  expect(await ask(2)).toMatchObject({ over: false });
  pageLife.setVisible(true);
  store.atEnd.value = false;
  expect(await ask(3)).toMatchObject({ over: false });
  store.atEnd.value = true;
  expect(await ask(4)).toMatchObject({ over: true });
  expect(alerts.claims.size).toBe(2);
});

test('[O8] a click on it: this tab’s session, else this tab where it shows none, else a tab of its own', async () => {
  const { rows, alerts, receive, addressBar, store } = open('/session/a');
  await allow();
  rows([finished('a'), finished('b'), finished('c')]);
  page.snapshot(stateOf('log-a', settled('t', 'go', 'done')));
  alerts.state.focused = false;
  for (const id of ['a', 'b']) receive({ alerts: offer(finished(id)) });
  await replied(2);
  const [own, other] = alerts.notes;
  own?.onClick();
  expect([alerts.fronts, alerts.opened, addressBar.path()]).toEqual([1, [], '/session/a']);
  other?.onClick();
  expect([alerts.fronts, alerts.opened, addressBar.path()]).toEqual([
    2,
    ['/session/b'],
    '/session/a',
  ]);
  alerts.state.mayOpen = false;
  other?.onClick();
  expect(addressBar.path()).toBe('/session/b');
  store.router.navigate('/');
  alerts.state.mayOpen = true;
  own?.onClick();
  expect([alerts.opened.length, addressBar.path()]).toEqual([1, '/session/a']);
});

test('[O8] a sound only where the page may play, and other for what asks', async () => {
  const { rows, alerts, receive, store } = open();
  store.alerts.settings.toggleSound();
  const waiting = rowOf(
    'b',
    stateOf('log-b', [...settled('t', 'go', 'x').slice(0, 3), permission('t', 'r')]),
  );
  rows([finished('a'), waiting]);
  alerts.state.mayPlay = false;
  receive({ alerts: offer(finished('a'), { notify: false, sound: true }) });
  await replied(1);
  alerts.state.mayPlay = true;
  receive({ alerts: offer(finished('a'), { notify: false, sound: true }) });
  receive({ alerts: offer(waiting, { notify: false, sound: true }) });
  await replied(3);
  expect(replies().map(({ sounded }) => sounded)).toEqual([false, true, true]);
  expect(alerts.tones).toEqual(['done', 'ask']);
});

test('[O8] what a tab knew goes with it to the next hub, without what is news since a moment ago', () => {
  const { rows, alerts } = open();
  expect(page.about().known).toBeUndefined();
  rows([makeRow('a'), makeRow('b')]);
  rows([finished('a'), makeRow('b')]);
  const { endedSeq } = finished('a');
  expect(page.about().known?.get('log-a')).toEqual({ endedSeq: endedSeq - 1, asks: [] });
  alerts.state.now += 61_000;
  expect(page.about().known?.get('log-a')).toEqual({ endedSeq, asks: [] });
});

test('in words', () => {
  open();
  const words = (row: Row) => newAlerts(undefined, row).map(alertWords);
  const asking = [...settled('t', 'go', 'x').slice(0, 3), permission('t', 'r')];
  expect(words(rowOf('a', stateOf('log-a', asking)))).toEqual([
    'Needs your approval: Run rm -r build',
  ]);
  const failed = { ...ended('t'), reason: 'failed', error: { code: 'x', message: 'It\n died.' } };
  const body = [...settled('t', 'go', 'x').slice(0, 3), failed as ReturnType<typeof ended>];
  expect(words(rowOf('a', stateOf('log-a', body)))).toEqual(['Failed: It died.']);
  expect(words(finished('a'))).toEqual(['Finished']);
});
