/**
 * Makes a fresh clone ready to run: installs packages and builds, each only when something is missing or
 * changed. Plain JavaScript, for it runs before anything is installed or built. All its output is on stderr.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bringAssetsBack, putAssetsAside } from './kept-assets.mjs';

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} message */
function toStderr(message) {
  process.stderr.write(`tabcast: ${message}\n`);
}

/**
 * Runs a command in a folder, its output to stderr.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} folder
 * @returns {Promise<void>} rejects when it fails
 */
function runCommand(command, args, folder) {
  return new Promise((resolve, reject) => {
    // The child's stdout is our stderr: ours has the one line with the address.
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} failed (${signal ?? `exit ${code}`})`));
    });
  });
}

/**
 * Installs what the lock file lists and `node_modules` lacks.
 * @param {{dev?: boolean, folder?: string, run?: typeof runCommand, say?: typeof toStderr}} [options] `dev`: also what only building tests needs
 * @returns {Promise<boolean>} true when it installed
 */
export async function ensureInstalled({
  dev = false,
  folder = PROJECT,
  run = runCommand,
  say = toStderr,
} = {}) {
  if (isInstalled(folder, dev)) return false;
  say('installing packages…');
  const npm = npmCommand();
  // Not `ci`: it refuses a lock file that lacks another platform's optional binaries, as some mirrors make it.
  const args = [...npm.args, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  await run(npm.command, dev ? [...args, '--include=dev'] : [...args, '--omit=dev'], folder);
  return true;
}

/**
 * Compares with npm's own record of what it installed, written last: a broken-off install has none, and one
 * that a person made by hand counts too.
 * @param {string} folder
 * @param {boolean} dev
 */
export function isInstalled(folder, dev) {
  const record = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  const found = packagesOf(record);
  return Object.entries(wanted).every(([path, entry]) => {
    // The project itself; and what may be missing: packages for other platforms.
    if (path === '' || entry.optional || entry.devOptional || entry.link) return true;
    if (entry.dev && !dev) return true;
    return found[path]?.version === entry.version && existsSync(join(folder, path));
  });
}

/**
 * @param {string} file
 * @returns {Record<string, {version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, link?: boolean}>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/** The npm that runs us, or the one on PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running?.endsWith('npm-cli.js')) return { command: process.execPath, args: [running] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/**
 * Builds page, worker and server when their sources are not those of the last build.
 * @param {{folder?: string, run?: typeof runCommand, say?: typeof toStderr}} [options]
 * @returns {Promise<boolean>} true when it built
 */
export async function ensureBuilt({ folder = PROJECT, run = runCommand, say = toStderr } = {}) {
  const stamp = join(folder, 'dist', '.stamp');
  const wanted = sourceHash(folder);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  say('building…');
  // Not before it is done: a broken-off build must not count.
  rmSync(stamp, { force: true });
  const vite = join(folder, 'node_modules', 'vite', 'bin', 'vite.js');
  const dist = join(folder, 'dist');
  putAssetsAside(dist);
  await run(process.execPath, [vite, 'build', '--app', '--logLevel', 'warn'], folder);
  bringAssetsBack(dist);
  writeFileSync(stamp, wanted);
  return true;
}

const SOURCE_FOLDERS = ['shared', 'worker', 'ui', 'server'];
const SOURCE_FILES = ['vite.config.ts', 'package-lock.json'];

/**
 * Over everything that ends up in the build; tests don't.
 * @param {string} folder
 */
export function sourceHash(folder) {
  const files = SOURCE_FOLDERS.flatMap((name) => filesBelow(join(folder, name)))
    .filter((file) => !/\.test\.tsx?$/.test(file) && !file.split(sep).includes('testing'))
    .concat(SOURCE_FILES.map((name) => join(folder, name)).filter((file) => existsSync(file)));
  const hash = createHash('sha256').update(process.version);
  for (const file of files.toSorted()) {
    // With lengths, so that no two sets of files give the same bytes.
    const content = readFileSync(file);
    hash.update(`${relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} folder */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
