/** The whole page in a document, and what a person does there. */
import { h, render } from 'preact';
import { onTestFinished, vi } from 'vitest';
import type { EventBody } from '../../shared/events.ts';
import type { Row } from '../../shared/row.ts';
import { App } from '../components/app.tsx';
import type { Page } from './fake-client.ts';
import { rowOf, stateOf } from './fixtures.ts';

/** Draws a page. @returns where it stands: until the test ends, as long as its store is open */
export function mount({ store }: Page): HTMLElement {
  const root = document.createElement('div');
  document.body.append(root);
  render(h(App, { store }), root);
  onTestFinished(() => {
    render(null, root);
    root.remove();
    store.close();
  });
  return root;
}

/** Rendering is batched, and slow on a busy machine: waits until it is so. */
export function until<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { interval: 1, timeout: 15_000 });
}

/** The whole log so far of the session `a`, in pane and row. */
export function showLog(page: Page, bodies: readonly EventBody[], fields: Partial<Row> = {}): void {
  const state = stateOf('log-a', bodies);
  page.rows([rowOf('a', state, fields)]);
  page.snapshot(state);
}

/** As a person opens a card: the browser tells it by an event. */
export function openCard(card: HTMLDetailsElement | null | undefined): void {
  if (card == null) throw new Error('there is no such card');
  card.open = true;
  card.dispatchEvent(new Event('toggle'));
}
