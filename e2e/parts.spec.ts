/** What a turn consists of, as it is seen: tool calls, diffs, terminal output, thoughts, plan, its end. */
import { untilStatus } from './fixtures/steps.ts';
import { expect, test, type Tab } from './fixtures/test.ts';

const card = ({ transcript }: Tab, n = 0) => transcript.locator('details.tool').nth(n);

test('[P32] a diff stands side by side in a wide pane and unified in a narrow one, and what is copied is code', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  await server.prompt(session.id, '/tool edit');
  await untilStatus(server, session, 'idle');
  const one = await tab(session.id);
  await one.page.setViewportSize({ width: 1600, height: 900 });
  await card(one).locator('summary').first().click();
  const diff = one.transcript.locator('figure.diff').first();
  await expect(diff.locator('figcaption')).toContainText('5 lines added.');
  await expect(diff.locator('ins')).toContainText([', up to a bound', 'Math']);
  const lefts = () =>
    diff
      .locator('.diff-change')
      .nth(1)
      .evaluate((change) =>
        ['.old', '.new'].map((side) =>
          Math.round(change.querySelector(side)?.getBoundingClientRect().left ?? 0),
        ),
      );
  const [old = 0, next = 0] = await lefts();
  expect(next - old).toBeGreaterThan(300);
  const tops = await diff
    .locator('.diff-change')
    .nth(2)
    .locator('.diff-line')
    .evaluateAll((lines) => lines.map((line) => Math.round(line.getBoundingClientRect().top)));
  expect(new Set(tops).size).toBe(1);
  await one.page.setViewportSize({ width: 700, height: 900 });
  await expect.poll(async () => new Set(await lefts()).size).toBe(1);

  const text = await diff.locator('.diff-lines').evaluate((lines) => {
    getSelection()?.selectAllChildren(lines);
    return String(getSelection());
  });
  expect(text).toContain("import { random } from './random.ts';");
  expect(text).not.toMatch(/^\s*[\d+−]/m);
  const folded = diff.getByRole('button', { name: /unchanged lines$/ });
  await expect(diff).not.toContainText('Nothing was tried yet.');
  await folded.first().click();
  await expect(diff).toContainText('Nothing was tried yet.');
});

test('[P33] a progress bar is there once, in its colour, while it runs and after', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const one = await tab(session.id);
  await one.send('/tool run');
  await card(one).locator('summary').first().click();
  const terminal = card(one).locator('.terminal');
  await expect(terminal).toContainText('20 passed');
  await expect(card(one)).toHaveAttribute('open');
  const text = (await terminal.textContent()) ?? '';
  expect(text.match(/%/g)).toHaveLength(1);
  expect(text).toContain(`${'█'.repeat(20)} 100 %`);
  const colour = (name: string) =>
    terminal
      .locator(name)
      .first()
      .evaluate((run) => getComputedStyle(run).color);
  expect(await colour('.ink-1')).not.toBe(await colour('.ink-2'));
  await expect(one.page.locator('.turn-foot')).toContainText(/took .* seconds?/);
});

test('[P31] [P38] closed cards have no body while a turn runs; afterwards words in them are found by the browser', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  await server.prompt(session.id, '/tool many 400');
  await server.prompt(session.id, '/slow 60');
  const one = await tab(session.id);
  await expect(one.transcript.locator('details.tool')).toHaveCount(400);
  // The newest are rendered in idle moments, and no more than a page can bear.
  await expect(one.transcript.locator('.tool-body')).toHaveCount(120);
  await expect(card(one, 0).locator('.tool-body')).toHaveCount(0);
  await expect(card(one, 399).locator('.tool-body')).toContainText('Output of call 400.');
  await expect(card(one, 399)).not.toHaveAttribute('open');
});

test('[P35] the plan’s step stays in view while it is worked on, covers nothing and moves nobody', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  await server.prompt(session.id, '/count 3000 0');
  await untilStatus(server, session, 'idle');
  const one = await tab(session.id);
  await expect(one.agent()).toContainText('3000');
  const scrollTop = (to?: number) =>
    one.transcript.evaluate((log, top) => {
      const box = log.parentElement as HTMLElement;
      if (top !== undefined) box.scrollTop = top;
      return box.scrollTop;
    }, to);
  await scrollTop(40);
  await expect(one.button(/To the end/)).toBeVisible();
  await server.prompt(session.id, '/plan 3 60');
  const bar = one.page.locator('.plan-bar');
  await expect(bar).toContainText('1 of 3: Read the code');
  expect(await scrollTop()).toBe(40);
  await bar.locator('summary').click();
  await expect(bar.getByRole('list', { name: 'Plan' }).getByRole('listitem')).toHaveCount(3);
  const box = await one.transcript.locator('..').boundingBox();
  const place = await bar.boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((place?.y ?? 0) + 1);
  await one.button('Stop').click();
  await expect(bar).toHaveCount(0);
  expect(await scrollTop()).toBe(40);
});

test('[P34] [P37] a thought says how long it took; a turn that failed is tried again once, from any tab', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  await server.prompt(session.id, '/think 1.2');
  const one = await tab(session.id);
  await expect(one.transcript.getByText('Thinking…')).toBeVisible();
  await expect(one.transcript.getByText(/^Thought for [01][.\d]* s$/)).toBeVisible();
  await one.send('/fail');
  const two = await tab(session.id);
  await expect(two.button('Try again')).toBeVisible();
  await Promise.all([one, two].map((each) => each.button('Try again').dispatchEvent('click')));
  await expect
    .poll(async () => (await server.view(session.id)).state.turns.length, { timeout: 5000 })
    .toBe(3);
  await expect(one.agent()).toHaveCount(3);
  // Only the newest offers it.
  await expect(one.button('Try again')).toHaveCount(1);
});
