import { expect, test } from 'vitest';
import { createFace } from './face.ts';

const LIGHT = '(prefers-color-scheme: light)';
const DARK = '(prefers-color-scheme: dark)';

function setUp() {
  const assigned: string[] = [];
  const icon = {
    get href() {
      return assigned.at(-1) ?? '/favicon.svg';
    },
    set href(href: string) {
      assigned.push(href);
    },
  };
  const colours = [
    { content: '#fff', media: LIGHT },
    { content: '#000', media: DARK },
  ];
  const parts = { document: { title: 'loaded' }, root: { dataset: {} }, icon, colours };
  return { parts, assigned, colours, face: createFace(parts) };
}

test('[P5] the icon is a picture in the link itself, and set only when it is another', () => {
  const { face, assigned, parts } = setUp();
  face.setIcon('<svg id="a"/>');
  face.setIcon('<svg id="a"/>');
  face.setIcon('<svg id="b"/>');
  expect(assigned).toEqual([
    'data:image/svg+xml,%3Csvg%20id%3D%22a%22%2F%3E',
    'data:image/svg+xml,%3Csvg%20id%3D%22b%22%2F%3E',
  ]);
  createFace({ ...parts, icon: null }).setIcon('<svg/>');
  face.setTitle('a title');
  expect(parts.document.title).toBe('a title');
});

test('[P6] a chosen theme is on the root, and the browser’s bars have its colour whatever the system has', () => {
  const { face, parts, colours } = setUp();
  const contents = () => colours.map(({ content }) => content);
  face.setTheme('dark');
  expect([parts.root.dataset, contents()]).toEqual([{ theme: 'dark' }, ['#000', '#000']]);
  face.setTheme('light');
  expect([parts.root.dataset, contents()]).toEqual([{ theme: 'light' }, ['#fff', '#fff']]);
  face.setTheme('system');
  expect([parts.root.dataset, contents()]).toEqual([{}, ['#fff', '#000']]);
});
