/** How the built-in agent is run: the built file beside the server's, or its source. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface DemoCommandEnv {
  /** Where this module was loaded from: a source file, or a chunk of the built server. */
  moduleUrl: string;
  execPath: string;
  exists(path: string): boolean;
  /** `tsx`'s loader as a URL; only asked for when running from source. */
  tsx(): string;
}

export const systemDemoEnv: DemoCommandEnv = {
  moduleUrl: import.meta.url,
  execPath: process.execPath,
  exists: existsSync,
  // By `require.resolve`, because a bundler's dev runner has no `import.meta.resolve`.
  tsx: () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
};

/**
 * Works from any working directory.
 * @throws Error when the server was built without it
 */
export function demoCommand(env: DemoCommandEnv): { command: string; args: string[] } {
  if (env.moduleUrl.endsWith('.ts')) {
    const source = fileURLToPath(new URL('./demo/main.ts', env.moduleUrl));
    return { command: env.execPath, args: ['--import', env.tsx(), source] };
  }
  // A shared chunk lies in `assets/`, one folder below `main.js` and `demo.js`.
  const candidates = ['./demo.js', '../demo.js'].map((path) =>
    fileURLToPath(new URL(path, env.moduleUrl)),
  );
  const built = candidates.find((path) => env.exists(path));
  if (built === undefined) {
    throw new Error(
      `The built-in agent is missing: there is no ${candidates.join(' and no ')}. Build tabcast again.`,
    );
  }
  return { command: env.execPath, args: [built] };
}
