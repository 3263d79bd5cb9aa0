// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, expect, test } from 'vitest';
import type { ContentBlock } from '../../shared/events.ts';
import { ContentBlockView } from './content-block.tsx';

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement('div');
  document.body.replaceChildren(root);
});
const show = (block: ContentBlock) => act(() => render(<ContentBlockView block={block} />, root));

const PNG = 'iVBORw0KGgo=';

test('[P24] a picture is a button with its name, and opens large', async () => {
  await show({ type: 'image', mimeType: 'image/png', data: PNG, uri: 'file:///a/plot.png' });
  const button = root.querySelector('button');
  expect(button?.getAttribute('aria-label')).toBe('plot.png, open large');
  await act(() => button?.click());
  const dialog = root.querySelector('dialog');
  expect(dialog?.open).toBe(true);
  expect(dialog?.querySelector('img')?.alt).toBe('plot.png');
  await act(() => dialog?.querySelector('button')?.click());
  expect(root.querySelector('dialog')).toBeNull();
});

test('[P24] a picture that the browser can’t show, and types that it must not, are words', async () => {
  await show({ type: 'image', mimeType: 'image/png', data: '!' });
  await act(() => void root.querySelector('img')?.dispatchEvent(new Event('error')));
  expect(root.textContent).toContain('can’t show this picture');
  await show({ type: 'image', mimeType: 'image/svg+xml', data: PNG });
  expect(root.querySelector('img')).toBeNull();
  await show({ type: 'audio', mimeType: 'text/html', data: PNG });
  expect(root.querySelector('audio')).toBeNull();
  const blob = { uri: 'file:///a/x.svg', mimeType: 'image/svg+xml', blob: PNG };
  await show({ type: 'resource', resource: blob });
  expect(root.querySelector('img, a')).toBeNull();
  expect(root.textContent).toBe('x.svgimage/svg+xml, 9 B');
});

test('[P24] only web addresses are links', async () => {
  const link = (uri: string) => show({ type: 'resource_link', uri, name: 'report', size: 2048 });
  await link('https://a.b/report');
  expect(root.querySelector('a')?.rel).toBe('noopener noreferrer');
  expect(root.textContent).toContain('2 kB');
  for (const uri of ['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x']) {
    await link(uri);
    expect(root.querySelector('a')).toBeNull();
    expect(root.textContent).toContain('report');
  }
});

test('[P24] the text of a file is folded, put in when it is opened, and cut where it is very long', async () => {
  const text = `<b>${'x'.repeat(300_000)}`;
  await show({ type: 'resource', resource: { uri: 'file:///a/long.txt', text } });
  expect(root.querySelector('pre')).toBeNull();
  const details = root.querySelector('details');
  await act(() => {
    if (details !== null) details.open = true;
    details?.dispatchEvent(new Event('toggle'));
  });
  expect(root.querySelector('pre')?.textContent).toBe(text.slice(0, 200_000));
  expect(root.querySelector('b')).toBeNull();
  expect(root.textContent).toContain('is not shown');
});
