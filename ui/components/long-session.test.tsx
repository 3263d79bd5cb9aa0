// @vitest-environment happy-dom
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ok } from '../../shared/errors.ts';
import { fetchStreaming } from '../markdown/markdown.tsx';
import { createPage, type Page } from '../testing/fake-client.ts';
import { rowOf, settled, stateOf } from '../testing/fixtures.ts';
import { mount, until } from '../testing/mount.ts';
import { all, one } from '../testing/screen.ts';
import { SessionPane } from './lazy-pages.ts';

let page: Page;
let root: HTMLElement;
beforeAll(SessionPane.fetch);
beforeAll(fetchStreaming);
beforeEach(() => {
  page = createPage('/session/a');
  root = mount(page);
});
const main = () => one(root, 'main');

describe('a long session', () => {
  const TURNS = 260;
  const many = Array.from({ length: TURNS }, (_, at) => settled(`t${at}`, `ask ${at}`, 'x')).flat();
  const whole = stateOf('log-a', many);
  const shown = () =>
    all(main(), 'article', 'You').map((it) => Number(it.dataset['turnId']?.slice(1)));
  /** The first three messages are in view: of everything else the top is below the box. */
  const readTheTop = () => {
    const rect = vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect');
    rect.mockImplementation(function (this: HTMLElement) {
      // By selector: asked for every turn at every step, a role would be told of all of them each time.
      const at = this.matches('article') ? [...root.querySelectorAll('article')].indexOf(this) : 0;
      return new DOMRect(0, at * 100, 500, this.matches('article') ? 100 : 300);
    });
    onTestFinished(() => rect.mockRestore());
  };
  const open = async () => {
    page.commands.answers.olderTurns = async (_id, before) =>
      ok({ turns: whole.turns.slice(Math.max(0, before - 20), before), more: before > 20 });
    page.rows([rowOf('a', whole)]);
    page.snapshot({ ...whole, turns: whole.turns.slice(-20) });
    await until(() => expect(shown()).toHaveLength(20));
  };
  const earlier = async () => {
    const [first = 0] = shown();
    one(main(), 'button', 'Show earlier').click();
    await until(() => {
      page.frames.paint();
      expect(shown()[0]).toBe(first - 20);
    });
  };

  test('[P70] read to its top, its newest turns and those around the reader are in the page', async () => {
    await open();
    readTheTop();
    while ((shown()[0] ?? 0) > 0) {
      await earlier();
      expect(shown().length).toBeLessThanOrEqual(180);
    }
    const kept = shown();
    expect(kept).toEqual(expect.arrayContaining([0, 1, 2, 40, TURNS - 20, TURNS - 1]));
    const between = TURNS - kept.length;
    expect(between).toBeGreaterThan(80);
    one(main(), 'button', `Show the ${between} turns between`);
  });

  test('[P70] what is selected stays, with all that lies between it and the reader', async () => {
    await open();
    readTheTop();
    const selected =
      all(main(), 'article').find((it) => it.dataset['turnId'] === `t${TURNS - 15}`) ??
      document.body;
    getSelection()?.selectAllChildren(selected);
    while ((shown()[0] ?? 0) > 60) await earlier();
    expect(selected.isConnected).toBe(true);
    expect(getSelection()?.toString()).toContain('ask');
    expect(shown()).toHaveLength(200);
    getSelection()?.removeAllRanges();
    await earlier();
    expect(shown().length).toBeLessThan(160);
  });

  test('[P71] its end is put into the page first, then the rest of it', async () => {
    page.rows([rowOf('a', whole)]);
    page.snapshot({ ...whole, turns: whole.turns.slice(-20) });
    const steps = new Set<number>();
    await until(() => {
      const now = shown();
      if (now.length > 0) steps.add(now.length);
      expect(now).toHaveLength(20);
    });
    expect(steps.size).toBeGreaterThan(1);
    expect(Math.min(...steps)).toBeLessThan(10);
  });
});
