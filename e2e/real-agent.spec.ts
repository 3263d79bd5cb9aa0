/** A real agent, qwen-code, against a model server on loopback: the whole path with somebody else's process in it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startModelServer } from './fixtures/model-server.ts';
import { createQwenAgent } from './fixtures/qwen.ts';
import { startServer } from './fixtures/server.ts';
import { expect, openTab, test } from './fixtures/test.ts';

test('qwen-code streams into two tabs, runs a tool after a permission, and is cancelled midway', async ({
  context,
}) => {
  test.setTimeout(120_000);
  const folder = await mkdtemp(join(tmpdir(), 'tabcast-qwen-'));
  const model = await startModelServer();
  const qwen = await createQwenAgent(model.url, folder);
  const server = await startServer({ config: { agents: [qwen], roots: [qwen.cwd] } });
  try {
    const session = await server.create();
    const open = () => openTab(context, server.origin, server.link, session.id);
    const tabs = [await open(), await open()] as const;
    const [one, two] = tabs;

    await one.send('run the tool');
    for (const each of tabs) {
      await expect(each.agent().last()).toContainText('Let me run a command for you.', {
        timeout: 40_000,
      });
      await expect(each.page.getByRole('group', { name: /^Permission/ })).toBeVisible({
        timeout: 40_000,
      });
    }
    await two.page
      .getByRole('group', { name: /^Permission/ })
      .getByRole('button', { name: 'Allow', exact: true })
      .click();
    for (const each of tabs) {
      await expect(each.page.getByRole('group', { name: /^Permission/ })).toHaveCount(0);
      await expect(each.agent().last()).toContainText('All done. The tool said: tabcast-tool-ran');
      await expect(each.link(session.id)).toHaveAttribute('data-status', 'idle');
    }
    expect(await readFile(join(qwen.cwd, 'marker.txt'), 'utf8')).toBe('tabcast-tool-ran\n');
    expect((await server.view(session.id)).state.turns[0]?.end?.reason).toBe('end_turn');

    await one.send('tell me a story');
    await expect(two.agent().last()).toContainText('word60', { timeout: 30_000 });
    await two.button('Stop').click();
    for (const each of tabs)
      await expect(each.link(session.id)).toHaveAttribute('data-status', 'idle');
    const story = (await server.view(session.id)).state.turns[1];
    expect(story?.end?.reason).toBe('cancelled');
    const words = (await one.agent().last().innerText()).match(/word\d+/g) ?? [];
    expect(words).toEqual(words.map((_, index) => `word${index + 1}`));
    expect(words.length).toBeLessThan(400);
    await expect.poll(() => model.requests.at(-1)?.outcome).toBe('aborted');

    // Both end on the same word: nothing of the cancelled turn is missing in one of them.
    expect(await two.agent().last().innerText()).toBe(await one.agent().last().innerText());
  } finally {
    await server.stop();
    await model.close();
    await rm(folder, { recursive: true, force: true });
  }
});
