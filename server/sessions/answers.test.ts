import { expect, test } from 'vitest';
import type { ElicitationSchema } from '@agentclientprotocol/sdk';
import type { RequestBody } from '../../shared/events.ts';
import { checkAnswer } from './answers.ts';

const question = (properties: NonNullable<ElicitationSchema['properties']>): RequestBody => ({
  kind: 'question',
  message: 'What?',
  schema: { type: 'object', properties, required: Object.keys(properties) },
});
const accept = (content: Record<string, string>) => ({ action: 'accept', content }) as const;

test('[A3] a pattern of an agent keeps nobody busy: the page and the agent check it', () => {
  const request = question({
    slow: { type: 'string', pattern: '^(a+)+$' },
    many: { type: 'array', items: { type: 'string', enum: ['a'] } },
  });
  const content = { slow: `${'a'.repeat(10_000)}!`, many: ['a'] };
  const began = performance.now();
  expect(checkAnswer(request, { action: 'accept', content })).toEqual({
    action: 'accept',
    content,
  });
  expect(performance.now() - began).toBeLessThan(1000);
  expect(() => checkAnswer(request, accept({ slow: 'a', many: 'a' }))).toThrow(/many/);
});

test('[A3] a field that is called pattern is a field like others', () => {
  const request = question({ pattern: { type: 'string', maxLength: 2 } });
  expect(() => checkAnswer(request, accept({ pattern: 'abc' }))).toThrow(/pattern/);
  expect(() => checkAnswer(request, accept({}))).toThrow(/pattern/);
  expect(checkAnswer(request, accept({ pattern: 'ab' }))).toMatchObject({ action: 'accept' });
});
