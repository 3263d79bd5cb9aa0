import { expect, test, vi } from 'vitest';
import { trustScripts } from './trusted-script.ts';

const made = vi.fn();
class FakeWorker {
  readonly port = new MessageChannel().port1;
  constructor(url: unknown, options: unknown) {
    made(url, options);
  }
  addEventListener(): void {}
}

const trusted = (address: string) => ({ trusted: address });
const createPolicy = vi.fn(
  (_name: string, { createScriptURL }: { createScriptURL(url: string): string }) => ({
    createScriptURL: (url: string) => trusted(createScriptURL(url)),
  }),
);
const HERE = 'http://127.0.0.1:4180';
const options = { type: 'module', name: 'hub' } as const;

test('[A6] a worker of this origin is made from a trusted address, by one policy', () => {
  const SharedWorker = trustScripts(FakeWorker, { createPolicy }, HERE);
  const make = (url: string) => new SharedWorker(url, options);
  make('/assets/hub-1.js');
  make(`${HERE}/assets/hub-2.js`);
  expect(made.mock.calls).toEqual([
    [trusted('/assets/hub-1.js'), options],
    [trusted(`${HERE}/assets/hub-2.js`), options],
  ]);
  expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(['tabcast']);
});

test.each(['https://evil.example/x.js', '//evil.example/x.js', 'data:text/javascript,1', 'blob:x'])(
  '[A6] a script at %s becomes no worker',
  (url) => {
    made.mockClear();
    const SharedWorker = trustScripts(FakeWorker, { createPolicy }, HERE);
    expect(() => new SharedWorker(url, options)).toThrow(TypeError);
    expect(made).not.toHaveBeenCalled();
  },
);

test('without Trusted Types the constructor is the browser’s own', () => {
  expect(trustScripts(FakeWorker, undefined, HERE)).toBe(FakeWorker);
});
