import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arrived,
  canSave,
  EMPTY_BOX,
  saveBegan,
  saved,
  saveFailed,
  sent,
  told,
  typed,
  wantsText,
} from './draft.ts';

const kept = (text: string, rev: number) => ({
  ...EMPTY_BOX,
  text,
  rev,
  seen: rev,
  loaded: true,
  own: true,
});

describe('[O13] a box', () => {
  test('shows what the server has, and asks only when that is newer', () => {
    const box = told(EMPTY_BOX, 3);
    expect(wantsText(box, 3)).toBe(true);
    const full = arrived(box, { text: 'half', rev: 3, fork: 0 });
    expect(full.text).toBe('half');
    expect(wantsText(full, 3)).toBe(false);
    expect(wantsText(full, 4)).toBe(true);
  });

  test('where the server has none, what is typed may be saved at once', () => {
    expect(canSave(typed(EMPTY_BOX, 'x'))).toBe(false);
    expect(canSave(typed(told(EMPTY_BOX, 0), 'x'))).toBe(true);
  });

  test('typed before it was known what is there: both are kept, and nothing was saved over it', () => {
    const box = typed(told(EMPTY_BOX, 3), 'new');
    expect(canSave(box)).toBe(false);
    expect(wantsText(box, 3)).toBe(true);
    const whole = arrived(box, { text: 'old', rev: 3, fork: 0 });
    expect(whole).toMatchObject({ text: 'old\n\nnew', rev: 3, dirty: true });
    expect(canSave(whole)).toBe(true);
  });

  test('what comes while something is typed or saved changes nothing, and is looked at after', () => {
    const other = { text: 'other', rev: 5, fork: 0 };
    const typing = typed(kept('a', 4), 'ab');
    expect(arrived(typing, other)).toBe(typing);
    expect(wantsText(typing, 5)).toBe(false);
    const saving = saveBegan(typing);
    expect(arrived(saving, other)).toBe(saving);
    const done = saved(saving, 'ab', 6);
    expect(done).toMatchObject({ text: 'ab', rev: 6, seen: 6 });
    expect(arrived(done, other)).toBe(done);
  });

  test('what goes on from this tab’s text comes in; what was written without it does not, and does not come back', () => {
    const box = kept('mine', 4);
    expect(arrived(box, { text: 'mine, longer', rev: 6, fork: 3 })).toMatchObject({
      text: 'mine, longer',
      own: false,
    });
    const kept2 = arrived(box, { text: 'another', rev: 6, fork: 6 });
    expect(kept2).toMatchObject({ text: 'mine', rev: 4, seen: 6 });
    expect(wantsText(kept2, 6)).toBe(false);
    // Nothing of this tab is at stake in a text that was not typed here, or in an empty box.
    expect(arrived({ ...box, own: false }, { text: 'x', rev: 6, fork: 6 }).text).toBe('x');
    expect(arrived({ ...box, text: '' }, { text: 'x', rev: 6, fork: 6 }).text).toBe('x');
  });

  test('an emptied box that took nothing looks at what is there', () => {
    const refused = saved(saveBegan(typed(kept('a', 4), '')), '', 7);
    expect(wantsText(refused, 7)).toBe(true);
    const taken = saved(saveBegan(typed(kept('a', 4), '')), '', 5);
    expect(wantsText(taken, 5)).toBe(false);
  });

  test('a save that was under way when the message was sent is taken back', () => {
    expect(canSave(sent(typed(kept('a', 4), 'ab')))).toBe(false);
    const box = sent(saveBegan(typed(kept('a', 4), 'ab')));
    expect(canSave(saved(box, 'ab', 5))).toBe(true);
  });

  test('a save that failed is due again, if that makes sense', () => {
    const box = saveBegan(typed(kept('a', 4), 'ab'));
    expect(canSave(saveFailed(box, true))).toBe(true);
    expect(canSave(saveFailed(box, false))).toBe(false);
    expect(canSave(saveFailed(typed(box, 'abc'), false))).toBe(true);
  });
});

test('[O13] whatever the order of saves, answers and news: what a person typed since the last save is never replaced', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('type' as const), text: fc.string({ maxLength: 4 }) }),
    fc.record({ do: fc.constant('save' as const) }),
    fc.record({ do: fc.constant('answer' as const), ahead: fc.nat(2) }),
    fc.record({ do: fc.constant('news' as const), ahead: fc.integer({ min: -2, max: 3 }) }),
  );
  let news = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let box = told(EMPTY_BOX, 0);
      let saving: string | null = null;
      for (const now of steps) {
        const before = box;
        if (now.do === 'type') box = typed(box, now.text);
        else if (now.do === 'save' && canSave(box)) {
          saving = box.text;
          box = saveBegan(box);
        } else if (now.do === 'answer' && saving !== null) {
          box = saved(box, saving, box.rev + 1 + now.ahead);
          saving = null;
        } else if (now.do === 'news') {
          box = arrived(box, { text: 'NEWS', rev: box.seen + now.ahead, fork: box.rev });
          if (box.text !== before.text) news += 1;
          if (before.dirty || before.saving) expect(box.text).toBe(before.text);
        }
        if (now.do !== 'type' && now.do !== 'news') expect(box.text).toBe(before.text);
      }
    }),
    { numRuns: 300 },
  );
  expect(news).toBeGreaterThan(50);
});
