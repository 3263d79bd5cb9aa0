import { afterEach, describe, expect, test, vi } from 'vitest';
import { fail, ok } from '../../shared/errors.ts';
import { createPage, type Page } from '../testing/fake-client.ts';
import { eventsOf, makeRow, rowOf, running, said, settled, stateOf } from '../testing/fixtures.ts';

let page: Page;
const open = (path: string) => {
  page = createPage(path);
  return page;
};
afterEach(() => page.store.close());

describe('what is watched', () => {
  test('[O6] / watches no session, also while sessions run', () => {
    const { store, rows, watch } = open('/');
    rows([makeRow('a', { status: 'running', activeTurnId: 't', updatedAt: 9 })]);
    expect(watch()).toBeNull();
    expect(store.pane.value).toBeNull();
    expect(store.paneRow.value).toBeUndefined();
  });

  test('[O6] /session/<id> watches that session at once, before its row is known', () => {
    const { store, watch } = open('/session/a');
    expect(watch()).toMatchObject({ sessionId: 'a', cursor: null });
    expect(store.pane.value?.view.kind).toBe('loading');
  });

  test('[O6] the pane follows links, and back', () => {
    const { store, addressBar, watch } = open('/');
    store.router.navigate('/session/a');
    expect(watch()?.sessionId).toBe('a');
    store.router.navigate('/session/b');
    expect(watch()?.sessionId).toBe('b');
    addressBar.back();
    expect(watch()?.sessionId).toBe('a');
    addressBar.back();
    expect(watch()).toBeNull();
  });

  test('[O4] a row of B that changes leaves the pane of A alone', () => {
    const { store, rows, snapshot } = open('/session/a');
    const state = stateOf('log-a', running('t', 'p', 'x'));
    rows([rowOf('a', state), makeRow('b')]);
    snapshot(state);
    const before = store.pane.value;
    rows([rowOf('a', state), makeRow('b', { status: 'running', lastSeq: 99 })]);
    expect(store.pane.value).toBe(before);
    expect(store.paneRow.value?.id).toBe('a');
  });

  test('[O9] after a rotation the address becomes the canonical one and the pane stays', () => {
    const { store, rows, snapshot, watch, addressBar, did } = open('/session/old');
    const state = stateOf('log-a', running('t', 'p', 'x'));
    rows([rowOf('old', state)]);
    snapshot(state);
    const watchId = watch()?.watchId;
    rows([rowOf('new', state, { aliases: ['old'] })]);
    expect(addressBar.entries).toEqual(['/session/new']);
    expect(store.pane.value).toMatchObject({ sessionId: 'new', view: { kind: 'shown' } });
    expect(watch()?.watchId).toBe(watchId);
    expect(did.filter((what) => what === 'rewatch')).toHaveLength(1); // the one at the start
  });

  test('[H10] a gap makes the tab watch anew, without a cursor', () => {
    const { receive, snapshot, watch } = open('/session/a');
    snapshot(stateOf('log-a', running('t', 'p', 'x')));
    const watchId = watch()?.watchId ?? 0;
    const events = eventsOf([said('t', 'late')], 7);
    receive({ pane: { watchId, kind: 'events', logId: 'log-a', events } });
    expect(watch()?.cursor).toBeNull();
    expect(watch()?.watchId).toBeGreaterThan(watchId);
  });
});

describe('page life', () => {
  test('[T1] a page that is hidden for good is put aside, and comes back at its cursor', () => {
    const { store, pageLife, did, snapshot } = open('/session/a');
    snapshot(stateOf('log-a', settled('t', 'p', 'x')));
    pageLife.hide();
    pageLife.show();
    expect(did.slice(-2)).toEqual(['suspend', 'resume']);
    expect(store.pane.value?.view.kind).toBe('shown');
  });

  test('[H5] a tab that is looked at again asks whether it is attached', () => {
    const { pageLife, did } = open('/');
    pageLife.setVisible(false);
    expect(did).not.toContain('probe');
    pageLife.setVisible(true);
    expect(did).toContain('probe');
  });

  test('[H11] close leaves no listener and no frame; twice is a no-op', () => {
    const { store, pageLife, addressBar, frames, did } = open('/session/a');
    store.close();
    store.close();
    expect([pageLife.listeners, addressBar.listeners, frames.count]).toEqual([0, 0, 0]);
    expect(did.filter((what) => what === 'close')).toHaveLength(1);
  });
});

describe('read marks', () => {
  const state = stateOf('log-a', settled('t', 'p', 'x'));
  const marks = () => page.commands.calls.filter(({ name }) => name === 'patchSession');

  test('[O8] a visible pane at its end marks the end read', () => {
    const { store, rows, snapshot } = open('/session/a');
    rows([rowOf('a', state)]);
    snapshot(state);
    expect(marks()).toEqual([]);
    store.atEnd.value = true;
    expect(marks()).toEqual([{ name: 'patchSession', args: ['a', { readSeq: 4, readMark: 0 }] }]);
  });

  test('[O8] a hidden tab marks nothing', () => {
    const { store, rows, snapshot, pageLife } = open('/session/a');
    pageLife.setVisible(false);
    rows([rowOf('a', state)]);
    snapshot(state);
    store.atEnd.value = true;
    expect(marks()).toEqual([]);
    pageLife.setVisible(true);
    expect(marks()).toHaveLength(1);
  });
});

describe('agents', () => {
  test('are asked for when the connection is live, and again if that failed', async () => {
    page = createPage('/', { agents: async () => fail('network', 'away') });
    const { store, commands, receive } = page;
    await vi.waitFor(() => expect(commands.calls).toHaveLength(1));
    commands.answers.agents = async () => ok([{ id: 'x', title: 'X', default: true }]);
    await vi.waitFor(() => {
      receive({ connection: { state: 'live' } });
      expect(store.agents.value.map(({ id }) => id)).toEqual(['x']);
    });
  });
});

describe('actions', () => {
  const session = { sessionId: 'a', logId: 'log-a' };

  test('[O3] what fails is told where it happened, and can be dismissed', async () => {
    const { store, commands } = open('/');
    commands.answers.cancel = async () => fail('network', 'The server is away.');
    await store.actions.cancel(session, 't');
    await store.actions.cancel(session, 't');
    expect(store.notices.all.value).toMatchObject([
      { logId: 'log-a', title: expect.stringContaining('runs on'), detail: 'The server is away.' },
    ]);
    store.notices.dismiss(store.notices.all.value[0]?.id ?? 0);
    expect(store.notices.all.value).toEqual([]);
  });

  test('every action that fails says so', async () => {
    const { store, commands } = open('/');
    const away = async () => fail('network', 'away');
    commands.answers = {
      createSession: away,
      patchSession: away,
      deleteSession: away,
      startQueued: away,
      releaseQueue: away,
      changeQueued: away,
      removeQueued: away,
      olderTurns: away,
    };
    const { actions, notices } = store;
    expect(await actions.create({})).toBeNull();
    expect(await actions.patch(session, { title: 'x' })).toBe(false);
    expect(await actions.remove(session)).toBe(false);
    expect(await actions.olderTurns(session, 1)).toBeNull();
    await actions.startQueued(session, 't');
    await actions.releaseQueue(session);
    await actions.moveQueued(session, 't', null);
    await actions.removeQueued(session, 't');
    expect(notices.all.value).toHaveLength(8);
  });

  test('a session that is gone already counts as deleted', async () => {
    const { store, commands } = open('/');
    commands.answers.deleteSession = async () => fail('not_found', 'gone');
    expect(await store.actions.remove(session)).toBe(true);
  });

  test('[L8] earlier turns come into the pane they were asked for, and into no other', async () => {
    const { store, rows, commands, snapshot, frames } = open('/session/a');
    const whole = stateOf('log-a', [...settled('t0', 'p', 'x'), ...settled('t1', 'p', 'y')]);
    const page20 = { ...whole, turns: whole.turns.slice(1) };
    rows([rowOf('a', whole), makeRow('b')]);
    snapshot(page20);
    commands.answers.olderTurns = async () => ok({ turns: whole.turns.slice(0, 1), more: false });
    await store.showTurns(session, 1, () => null);
    frames.paint();
    expect(store.pane.value?.view).toEqual({ kind: 'shown', state: whole, apart: [] });

    store.router.navigate('/session/b');
    snapshot(stateOf('log-b', settled('u', 'p', 'z')));
    const before = store.pane.value;
    await store.showTurns(session, 1, () => null);
    frames.paint();
    expect(store.pane.value).toBe(before);
  });
});
