/// <reference types="vitest/config" />
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig } from 'vite';
import { tabcastApi } from './server/dev-plugin.ts';

const here = import.meta.dirname;

/** Names what page and worker were built from: a tab and a hub of different builds must tell each other apart (H12). */
function buildId(): string {
  const hash = createHash('sha256');
  for (const folder of ['shared', 'worker', 'ui']) {
    const files = readdirSync(join(here, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(file.slice(here.length)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}

export default defineConfig({
  root: resolve(here, 'ui'),
  plugins: [tabcastApi()],
  define: { __BUILD__: JSON.stringify(buildId()) },
  server: { port: 4180, fs: { allow: [here] } },
  worker: {
    format: 'es',
    // A page without SharedWorker imports the same script and calls what it exports (T3); Vite drops a worker's exports.
    plugins: () => [
      {
        name: 'keep-exports',
        options: (options) => ({ ...options, preserveEntrySignatures: 'strict' as const }),
      },
    ],
    rolldownOptions: { output: { entryFileNames: 'assets/hub-[hash].js' } },
  },
  environments: {
    client: {
      build: {
        // What a part of the page that comes later needs is there already, but for itself: lists of it in every import
        // would cost each first load half a kilobyte.
        modulePreload: {
          resolveDependencies: (_file, needed, { hostType }) => (hostType === 'html' ? needed : []),
        },
        outDir: resolve(here, 'dist/client'),
        emptyOutDir: true,
        sourcemap: true,
        // One chunk of it: cut up by who needs which part, it is larger; and it stays in caches when the page changes.
        rolldownOptions: {
          output: {
            codeSplitting: {
              groups: [
                {
                  name: 'preact',
                  test: /node_modules\/@?preact\/|components\/store-context|shared\/state\.ts/,
                },
              ],
            },
          },
        },
      },
    },
    ssr: {
      // One file with what it uses of its packages: read one by one, their modules were most of a start's time.
      resolve: { noExternal: true, external: ['better-sqlite3'] },
      build: {
        outDir: resolve(here, 'dist/server'),
        emptyOutDir: true,
        sourcemap: true,
        ssr: true,
        rollupOptions: {
          input: {
            main: resolve(here, 'server/main.ts'),
            backup: resolve(here, 'server/backup/main.ts'),
            user: resolve(here, 'server/user.ts'),
            demo: resolve(here, 'server/agents/demo/main.ts'),
          },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) {
        await builder.build(environment);
      }
    },
  },
  test: {
    root: here,
    include: ['{shared,worker,ui,server,e2e}/**/*.test.{ts,tsx}'],
    // All cores: by default one of them is kept free, which is half of a small machine.
    maxWorkers: availableParallelism(),
    testTimeout: 20_000,
  },
});
