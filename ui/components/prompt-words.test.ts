import { expect, test } from 'vitest';
import { attachedWords, blockName, promptText, sizeWords } from './prompt-words.ts';

const image = { type: 'image' as const, data: 'AAAA', mimeType: 'image/png' };

test('[P41] a prompt in words: its text, and what goes with it', () => {
  const link = { type: 'resource_link' as const, uri: 'file:///a', name: 'a' };
  expect(promptText([{ type: 'text', text: 'See' }, image])).toBe('See');
  expect(attachedWords([{ type: 'text' }])).toBe('');
  expect(attachedWords([image, image, link])).toBe('2 images, 1 file');
});

test('[P44] names and sizes', () => {
  expect([0, 999, 1_234, 45_678, 999_499, 999_500, 5_600_000].map(sizeWords)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.2 kB',
    '46 kB',
    '999 kB',
    '1.0 MB',
    '5.6 MB',
  ]);
  const resource = (uri: string) => ({ type: 'resource' as const, resource: { uri, text: '' } });
  expect(blockName(resource('attachment:///two%20words.txt'))).toBe('two words.txt');
  expect(blockName(resource('x/100%'))).toBe('100%');
  expect(blockName(image)).toBe('Image');
  expect(blockName({ ...image, annotations: { _meta: { 'tabcast/name': 'p.png' } } })).toBe(
    'p.png',
  );
});
