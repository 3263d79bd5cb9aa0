// @vitest-environment happy-dom
import { render } from 'preact';
import { expect, test, vi } from 'vitest';
import { textOf } from '../testing/screen.ts';
import { later } from './later.tsx';

const until = (check: () => void) => vi.waitFor(check, { interval: 1 });
const Named = ({ name }: { name: string }) => <b>{name}</b>;

test('is fetched when it is first shown, once, and then shown at once', async () => {
  const load = vi.fn(async () => Named);
  const Late = later(load);
  expect(load).not.toHaveBeenCalled();
  const root = document.createElement('div');
  render(<Late name="a" />, root);
  expect(root.querySelector('.soon')).not.toBeNull();
  await until(() => expect(textOf(root)).toBe('a'));
  render(null, root);
  render(<Late name="b" />, root);
  expect(textOf(root)).toBe('b');
  expect(load).toHaveBeenCalledOnce();
});

test('several of them, of which the last is rendered while the code arrives, all show it', async () => {
  let arrive: (component: typeof Named) => void = () => {};
  const Late = later(() => new Promise<typeof Named>((resolve) => (arrive = resolve)));
  const root = document.createElement('div');
  render(<Late name="a" />, root);
  await until(() => expect(root.querySelector('.soon')).not.toBeNull());
  const other = document.createElement('div');
  const fetching = Late.fetch();
  render(<Late name="b" />, other);
  // Before the effects of what was just rendered.
  arrive(Named);
  await fetching;
  await until(() => expect(textOf(root)).toBe('a'));
  await until(() => expect(textOf(other)).toBe('b'));
});

test('what was fetched before is shown at once', async () => {
  const Late = later(async () => Named);
  await Late.fetch();
  const root = document.createElement('div');
  render(<Late name="a" />, root);
  expect(textOf(root)).toBe('a');
});

test('what can’t be fetched is told, and asked for again where it is shown next', async () => {
  const load = vi.fn(async () => Named);
  load.mockRejectedValueOnce(new Error('offline'));
  const Late = later(load);
  const root = document.createElement('div');
  render(<Late name="a" />, root);
  await until(() => expect(textOf(root)).toContain('Reload the page.'));
  render(null, root);
  render(<Late name="a" />, root);
  await until(() => expect(textOf(root)).toBe('a'));
});
