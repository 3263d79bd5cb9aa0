/**
 * The built page, read into memory once: a request is a lookup in a map, so no path can lead out of the
 * folder, and what is not in it does not exist (a missing asset is a 404, never the page).
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
const COMPRESSIBLE = /^(text\/|application\/(json|manifest)|image\/(svg|x-icon))/;

/** The addresses of the page; what they show is the page's own affair (O6). */
const PAGES = /^\/(?:hub|session\/[^/]+)?$/;

/** True for the addresses that show the page. */
export function isPage(path: string): boolean {
  return PAGES.test(path);
}

interface Asset {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
  /** Made when first asked for; null when compressing doesn't pay. */
  gzip: Uint8Array<ArrayBuffer> | null | undefined;
}

export interface StaticFiles {
  /** @returns the file, 304, or null when there is none */
  respond(c: Context<AppEnv>): Response | null;
}

/**
 * Reads every file below `folder`, the output of the page's build.
 * @throws Error when it has no index.html
 */
export function loadStatic(folder: string): StaticFiles {
  const assets = new Map<string, Asset>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const body = new Uint8Array(readFileSync(file));
    assets.set('/' + relative(folder, file).split(sep).join('/'), {
      body,
      type: TYPES[extname(file)] ?? 'application/octet-stream',
      etag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
      gzip: undefined,
    });
  }
  const index = assets.get('/index.html');
  if (index === undefined) throw new Error(`${folder} has no index.html: the page is not built`);

  return {
    respond(c) {
      const path = c.req.path;
      const asset = isPage(path) ? index : assets.get(path);
      if (asset === undefined) return null;
      const accepts = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(
        c.req.header('accept-encoding') ?? '',
      );
      const gzip = accepts ? compressed(asset) : null;
      const etag = gzip === null ? `"${asset.etag}"` : `"${asset.etag}-gz"`;
      const headers: Record<string, string> = {
        etag,
        // Names below /assets/ carry a hash of their content. The page itself is asked for anew each time,
        // but may be stored: 'no-store' would bar it from the back/forward cache (T2).
        'cache-control': path.startsWith('/assets/')
          ? 'public, max-age=31536000, immutable'
          : 'no-cache',
        vary: 'Accept-Encoding',
      };
      if (namesEtag(c.req.header('if-none-match'), etag)) {
        return new Response(null, { status: 304, headers });
      }
      headers['content-type'] = asset.type;
      if (gzip !== null) headers['content-encoding'] = 'gzip';
      return new Response(gzip ?? asset.body, { headers });
    },
  };
}

function compressed(asset: Asset): Asset['gzip'] & (Uint8Array<ArrayBuffer> | null) {
  if (asset.gzip === undefined) {
    const packed = COMPRESSIBLE.test(asset.type)
      ? new Uint8Array(gzipSync(asset.body, { level: 9 }))
      : null;
    asset.gzip = packed !== null && packed.byteLength < asset.body.byteLength ? packed : null;
  }
  return asset.gzip;
}

function namesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
