import { expect, test } from 'vitest';
import { createTestApp } from './testing/test-app.ts';

const path = (id: string, format = 'json') => `/api/sessions/${id}/export?format=${format}`;

test('[P17] the owner gets a file to keep, and nothing keeps it on the way', async () => {
  const { request, service } = createTestApp();
  service.add('s1', { title: 'Größe; "x"' });
  const markdown = await request(path('s1', 'markdown'));
  expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  expect(markdown.headers.get('cache-control')).toBe('no-store');
  expect(markdown.headers.get('content-disposition')).toMatch(
    /^attachment; filename="Groe x [\d-]+\.md"; filename\*=UTF-8''Gr%C3%B6%C3%9Fe%20x%20[\d-]+\.md$/,
  );
  expect(await markdown.text()).toMatch(/^# Größe/);
  const json = await request(path('s1'));
  expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await json.json()).toMatchObject({ format: 'tabcast.session', session: { id: 's1' } });
  expect((await request(path('s1'), { method: 'HEAD' })).status).toBe(200);
});

test('[P17] [A1] [A3] nobody else gets it, and only in formats that there are', async () => {
  const { request, ask, service } = createTestApp();
  service.add('s1');
  expect((await ask(path('s1'))).status).toBe(401);
  expect((await request(path('other'))).status).toBe(404);
  for (const query of ['', '?format=pdf', '?format=json&format=pdf']) {
    const refused = await request(`/api/sessions/s1/export${query}`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: 'bad_request' } });
  }
});

test('[P15] an export that can’t go on is broken off, and logged', async () => {
  const { request, service, logged } = createTestApp();
  const { handle } = service.add('s1');
  const { export: whole } = handle;
  handle.export = () => ({ ...whole(), turns: failing() });
  const answer = await request(path('s1'));
  await expect(answer.text()).rejects.toThrow('gone');
  expect(logged).toMatchObject([{ message: 'an export was broken off' }]);
});

// oxlint-disable-next-line require-yield -- it fails before it has anything
async function* failing(): AsyncGenerator<never> {
  throw new Error('gone');
}

test('[P11] folders are told to who is signed in; a path that can’t be one is refused', async () => {
  const { request, ask, service } = createTestApp();
  expect((await ask('/api/folders')).status).toBe(401);
  expect(await (await request('/api/folders?path=%2Fsrv')).json()).toEqual({
    roots: ['/srv'],
    folders: ['/srv/project'],
    more: false,
  });
  expect(service.calls).toEqual([['folders', '/srv']]);
  for (const bad of ['a%00b', 'x'.repeat(4097)]) {
    expect((await request(`/api/folders?path=${bad}`)).status).toBe(400);
  }
});
