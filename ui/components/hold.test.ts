// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { drift, takeHold } from './hold.ts';

/** Tops and heights, by the elements' ids, in pixels. */
let places: Record<string, [number, number]>;
let box: HTMLElement;
const at = (id: string) => document.querySelector(`#${id}`) as HTMLElement;
beforeEach(() => {
  document.body.innerHTML =
    '<div id="box"><div id="all"><article id="one"></article><article id="two"><p id="a"></p><p id="b"><b id="bold"></b></p></article></div></div>';
  box = at('box');
  places = {
    box: [100, 500],
    one: [0, 90],
    two: [90, 600],
    a: [90, 5],
    b: [95, 400],
    bold: [120, 20],
  };
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (
    this: HTMLElement,
  ) {
    const [top = 0, height = 0] = places[this.id] ?? [];
    return new DOMRect(0, top, 100, height);
  });
});
const move = (id: string, by: number) => {
  const [top = 0, height = 0] = places[id] ?? [];
  places[id] = [top + by, height];
};

describe('[P72] what is held', () => {
  test('the innermost first thing in view, so that what grows above it in the same message counts', () => {
    const hold = takeHold(box, at('all'));
    expect(hold.map(({ element }) => element.id)).toEqual(['two', 'b', 'bold']);
    expect(drift(box, hold)).toBe(0);
    move('b', 40);
    move('bold', 40);
    expect(drift(box, hold)).toBe(40);
  });

  test('where that was replaced, what is around it', () => {
    const hold = takeHold(box, at('all'));
    at('bold').remove();
    move('b', -15);
    expect(drift(box, hold)).toBe(-15);
    at('two').remove();
    expect(drift(box, hold)).toBe(0);
  });

  test('the box itself may move', () => {
    const hold = takeHold(box, at('all'));
    for (const id of ['box', 'two', 'b', 'bold']) move(id, 30);
    expect(drift(box, hold)).toBe(0);
  });

  test('nothing, where there is nothing', () => {
    at('all').innerHTML = '';
    expect(drift(box, takeHold(box, at('all')))).toBe(0);
  });
});
