// @vitest-environment happy-dom
import { render } from 'preact';
import { expect, test, vi } from 'vitest';
import { lazily } from './lazily.tsx';

const until = (check: () => void) => vi.waitFor(check, { interval: 1 });
const Hello = ({ name }: { name: string }) => <p>Hello {name}</p>;

test('a part is there once its script is, and at once from then on; it is fetched once', async () => {
  const fetchPart = vi.fn(async () => Hello);
  const { Part, load } = lazily(fetchPart);
  const root = document.createElement('div');
  render(<Part name="you" />, root);
  expect(root.textContent).toBe('');
  await until(() => expect(root.textContent).toBe('Hello you'));
  expect(await load()).toBe(true);
  const other = document.createElement('div');
  render(<Part name="again" />, other);
  expect(other.textContent).toBe('Hello again');
  expect(fetchPart).toHaveBeenCalledOnce();
});

test('a part that can’t be had says so, and is asked for again the next time', async () => {
  const fetchPart = vi.fn(async () => Hello);
  fetchPart.mockRejectedValueOnce(new Error('no network'));
  const { Part, load } = lazily(fetchPart);
  const root = document.createElement('div');
  render(<Part name="you" />, root);
  await until(() => expect(root.querySelector('[role=alert]')?.textContent).toContain('Reload'));
  expect(await load()).toBe(true);
});
