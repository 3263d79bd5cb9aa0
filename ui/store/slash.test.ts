import { expect, test } from 'vitest';
import { completeCommand, isWhole, matchCommands } from './slash.ts';

const plan = { name: 'plan', description: '' };
const planner = { name: 'planner', description: '', input: { hint: '<x>' } };
const count = { name: 'count', description: '', input: { hint: '<n>' } };
const commands = [planner, count, plan];

test.each([
  ['/', [planner, count, plan]],
  ['/PL', [planner, plan]],
  ['/plan', [plan, planner]],
  ['/plan x', []],
  ['x /plan', []],
  ['', []],
])('%j', (typed, found) => {
  expect(matchCommands(commands, typed)).toEqual(found);
});

test('a command with an input waits for it', () => {
  expect(completeCommand(plan)).toBe('/plan');
  expect(completeCommand(count)).toBe('/count ');
  expect(isWhole(plan, '/Plan')).toBe(true);
  expect(isWhole(planner, '/plan')).toBe(false);
});
