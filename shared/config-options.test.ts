import { describe, expect, test } from 'vitest';
import {
  foldOptions,
  MODE_OPTION,
  optionsUpdate,
  sameOptions,
  takesValue,
  valuesOf,
  type SessionConfigOption,
} from './config-options.ts';
import { foldEvents } from './reducer.ts';
import { emptyState } from './state.ts';

const model: SessionConfigOption = {
  id: 'model',
  name: 'Model',
  type: 'select',
  currentValue: 'a',
  options: [
    { group: 'g', name: 'Good', options: [{ value: 'a', name: 'A' }] },
    { group: 'h', name: 'Better', options: [{ value: 'b', name: 'B' }] },
  ],
};
const loud: SessionConfigOption = { id: 'loud', name: 'Loud', type: 'boolean', currentValue: true };
const modes = {
  currentModeId: 'ask',
  availableModes: [
    { id: 'ask', name: 'Ask', description: 'Asks first' },
    { id: 'code', name: 'Code' },
  ],
};

describe('[P50] what can be chosen is a fold of the log', () => {
  test('a list replaces the list; before the first one nothing is known', () => {
    expect(emptyState('log').configOptions).toBeUndefined();
    const update = { sessionUpdate: 'config_option_update' as const, configOptions: [model, loud] };
    const event = { seq: 1, at: 1, type: 'update' as const, turnId: null, update };
    expect(foldEvents(emptyState('log'), [event]).configOptions).toEqual([model, loud]);
  });

  test('the older modes become one option, which their updates change', () => {
    const update = optionsUpdate({ configOptions: null, modes });
    const options = update === null ? undefined : foldOptions(undefined, update);
    expect(options).toMatchObject([
      { id: MODE_OPTION, category: 'mode', currentValue: 'ask', options: [{ value: 'ask' }, {}] },
    ]);
    const next = foldOptions(options, {
      sessionUpdate: 'current_mode_update',
      currentModeId: 'code',
    });
    expect(next?.[0]?.currentValue).toBe('code');
  });

  test('an agent with both has its options, and its modes change none of them', () => {
    const update = optionsUpdate({ configOptions: [model], modes });
    expect(update).toEqual({ sessionUpdate: 'config_option_update', configOptions: [model] });
    const after = foldOptions([model], {
      sessionUpdate: 'current_mode_update',
      currentModeId: 'code',
    });
    expect(after).toEqual([model]);
    expect(optionsUpdate({ configOptions: null, modes: null })).toBeNull();
  });
});

test('values are looked for in the groups; on and off are no text', () => {
  expect(valuesOf(model).map(({ value }) => value)).toEqual(['a', 'b']);
  expect(takesValue(model, 'b')).toBe(true);
  expect(takesValue(model, 'c')).toBe(false);
  expect(takesValue(model, true)).toBe(false);
  expect(takesValue(loud, false)).toBe(true);
  expect(takesValue(loud, 'false')).toBe(false);
  expect(sameOptions([model], [{ ...model }])).toBe(true);
  expect(sameOptions([model], undefined)).toBe(false);
});
