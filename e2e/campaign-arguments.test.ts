import { expect, test } from 'vitest';
import { readArguments } from './campaigns/arguments.ts';

const read = (line: string) => readArguments(line.split(' ').filter(Boolean), ['kill', 'fuzz']);

test('a campaign is named, its seed and its rounds are whole numbers', () => {
  expect(read('kill')).toEqual({ name: 'kill', seed: null, rounds: null });
  expect(read('--seed 0 fuzz --rounds 20000')).toEqual({ name: 'fuzz', seed: 0, rounds: 20_000 });
});

test('what is not understood is said, with what would be', () => {
  expect(() => read('')).toThrow('one of: kill, fuzz');
  expect(() => read('nothing')).toThrow("no campaign 'nothing'");
  expect(() => read('kill fuzz')).toThrow("'fuzz' is not understood");
  expect(() => read('kill --speed 3')).toThrow("'--speed' is not understood");
  expect(() => read('kill --seed')).toThrow('--seed takes a whole number');
  expect(() => read('kill --seed 1.5')).toThrow('not 1.5');
  expect(() => read('kill --rounds 0')).toThrow('from 1 to');
  expect(() => read('kill --seed 1 --seed 2')).toThrow('given twice');
});
