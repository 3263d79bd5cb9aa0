import { expect, test } from 'vitest';
import { createTestApp } from './testing/test-app.ts';

test('[A6] every answer carries the policy, whatever it answers', async () => {
  const { ask, request, send, service } = createTestApp();
  service.refuse('create', new Error('broken'));
  const answers = [
    await send('POST', '/api/sessions', {}),
    await request('/api/sessions/unknown'),
    await request('/api/nothing'),
    await request('/api/agents'),
    await request('/api/agents', { method: 'PUT' }),
    await ask('/api/agents'),
    await ask('/', { headers: { host: 'evil.example' } }),
    await ask('/sign-in'),
    await ask('/healthz'),
    await ask('/no/such/file'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([
    500, 404, 404, 200, 405, 401, 403, 200, 200, 404,
  ]);
  for (const { headers } of answers) {
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
        const [name = '', ...values] = directive.split(' ');
        return [name, values.join(' ')];
      }),
    );
    // Nothing inline, nothing evaluated, nothing from elsewhere.
    for (const value of policy.values()) {
      expect(value).not.toMatch(/unsafe|https?:|\*|nonce|strict-dynamic/);
    }
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('base-uri')).toBe("'none'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('require-trusted-types-for')).toBe("'script'");
    expect(policy.get('trusted-types')).toBe('tabcast tabcast-references');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('permissions-policy')).toContain('camera=()');
  }
});
