// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepFocus } from './focus-keeper.ts';

let stop = (): void => {};
beforeEach(() => {
  document.body.innerHTML = `<div id="app">
    <nav><input id="search" data-keeps-focus><ul><li><button id="row">x</button></li></ul></nav>
    <main><div id="log" tabindex="0" data-keeps-focus><p id="card"><button id="allow">Allow</button></p></div>
    <form><textarea id="message" data-keeps-focus></textarea><button id="stop">Stop</button></form></main></div>`;
  stop = keepFocus(get('app'));
});
afterEach(() => stop());

const get = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no #${id}`);
  return found;
};
const press = (id: string): void => {
  get(id).focus();
  get(id).dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
};
const observed = () => new Promise((done) => setTimeout(done));

test.each([
  ['allow', 'card', 'log'],
  ['stop', 'stop', 'message'],
  ['row', 'row', 'search'],
])(
  '[P82] #%s goes away: the focus goes to the nearest place that keeps it',
  async (at, gone, to) => {
    press(at);
    get(gone).remove();
    await observed();
    expect(document.activeElement).toBe(get(to));
  },
);

test('[P82] a page that is replaced by one that loads: the focus goes to where it will be', async () => {
  get('app').querySelector('main')?.setAttribute('data-keeps-focus', '');
  get('app').querySelector('main')?.setAttribute('tabindex', '-1');
  press('message');
  get('app').querySelector('main')?.replaceChildren('Loading');
  await observed();
  expect(document.activeElement?.tagName).toBe('MAIN');
});

test('[P82] a button that can’t be pressed any more hands the focus on', async () => {
  press('allow');
  get('allow').setAttribute('disabled', '');
  await observed();
  expect(document.activeElement).toBe(get('log'));
});

test('[P82] who took the element away may put the focus elsewhere', async () => {
  press('allow');
  get('message').focus();
  get('card').remove();
  await observed();
  expect(document.activeElement).toBe(get('message'));
});

test('[P82] after a click nothing takes the focus', async () => {
  press('stop');
  get('stop').dispatchEvent(new Event('pointerdown', { bubbles: true }));
  get('stop').remove();
  await observed();
  expect(document.activeElement).not.toBe(get('message'));
});

test('[P82] stopped, twice too, it does nothing any more', async () => {
  press('stop');
  stop();
  stop();
  get('stop').remove();
  await observed();
  expect(document.activeElement).not.toBe(get('message'));
});
