import { expect, test } from 'vitest';
import type { Link } from '../hub/link.ts';
import { createStanding } from './standing.ts';

const attached = (hubId: string): Link => ({
  state: 'attached',
  hub: { protocol: 1, build: 'b', hubId },
  inPage: false,
});

test('[P67] another hub under the eyes of the page is news; the same one, or after a rest, is not', () => {
  let now = 5;
  const standing = createStanding(() => now);
  standing.onLink({ state: 'connecting', attempt: 1 });
  standing.onLink(attached('one'));
  expect(standing.replacedAt.value).toBeNull();
  now = 10;
  standing.onLink({ state: 'connecting', attempt: 1 });
  standing.onLink(attached('one'));
  expect(standing.replacedAt.value).toBeNull();
  standing.onLink(attached('two'));
  expect(standing.replacedAt.value).toBe(10);
  standing.dismiss();
  standing.onLink({ state: 'suspended' });
  standing.onLink({ state: 'connecting', attempt: 1 });
  standing.onLink(attached('three'));
  expect(standing.replacedAt.value).toBeNull();
});

test('[P66] since when there is no hub is kept through its attempts', () => {
  let now = 1;
  const standing = createStanding(() => now);
  standing.onLink(attached('one'));
  expect(standing.lostAt.value).toBeNull();
  const error = { code: 'timeout' as const, message: 'x' };
  for (now of [20, 30]) {
    standing.onLink({ state: 'waiting', attempt: 1, error });
    standing.onLink({ state: 'connecting', attempt: 2 });
  }
  expect(standing.lostAt.value).toBe(20);
  standing.onLink({ state: 'suspended' });
  expect(standing.lostAt.value).toBeNull();
});
