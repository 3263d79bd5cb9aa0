/** Answers that a browser may keep: tagged by their content, and not sent again to who has them. (RFC 9110, 8.8.3 and 13.1.2) */
import { createHash } from 'node:crypto';
import { createMiddleware } from 'hono/factory';

/** For what an address will always mean. */
export const FOR_EVER = 'private, max-age=31536000, immutable';
/** For what may be another at the next asking: kept, and asked for with its tag. */
export const ASK_AGAIN = 'private, no-cache';

/**
 * Of a 200 whose handler named a `cache-control`. Every answer of the API varies by cookie and authorization (see
 * access): another principal in the same browser has none of the kept ones.
 */
export const entityTag = createMiddleware(async (c, next) => {
  await next();
  const cacheControl = c.res.headers.get('cache-control');
  if (c.res.status !== 200 || cacheControl === null) return;
  const body = Buffer.from(await c.res.clone().arrayBuffer());
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = { etag, 'cache-control': cacheControl };
  if (isKnown(c.req.header('if-none-match'), etag)) {
    c.res = new Response(null, { status: 304, headers });
    // Hono keeps the headers of the answer that is replaced.
    for (const name of ['content-type', 'content-length']) c.res.headers.delete(name);
    return;
  }
  for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
});

/** Weak comparison, as a proxy that compresses may have weakened it. */
function isKnown(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.some((tag) => tag === etag || tag === '*');
}
