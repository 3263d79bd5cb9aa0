/**
 * `npm test`: installs what is missing, runs every check, and ends with `N passed, N failed` over all of
 * them. Every check runs, also after one failed; a failing check says why above.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled } from '../server/bootstrap.mjs';
import { nodeTooOld } from '../server/node-version.mjs';

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));
const RESULTS = join(PROJECT, 'node_modules', '.cache', 'tabcast');
const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const failures = [];

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: PROJECT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/** @param {string} name */
function bin(name) {
  return join(PROJECT, 'node_modules', '.bin', name);
}

async function build() {
  try {
    await ensureBuilt();
    return true;
  } catch (error) {
    console.error(error);
    return false;
  }
}

/**
 * One check that passes or fails as a whole.
 * @param {string} name
 * @param {() => boolean | Promise<boolean>} isFine
 */
async function check(name, isFine) {
  console.log(`\n── ${name}`);
  const ok = await isFine();
  total[ok ? 'passed' : 'failed'] += 1;
  if (!ok) failures.push(name);
  console.log(ok ? `── ${name}: ok` : `── ${name}: FAILED`);
  return ok;
}

/**
 * A runner that counts its own tests, into a JSON file.
 * @param {string} name
 * @param {(file: string) => boolean} start
 * @param {(report: any) => {passed: number, failed: number}} count
 */
function suite(name, start, count) {
  console.log(`\n── ${name}`);
  const file = join(RESULTS, `${name}.json`);
  rmSync(file, { force: true });
  const ok = start(file);
  const { passed, failed } = existsSync(file)
    ? count(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0 };
  total.passed += passed;
  // A runner that fails without a failed test (a file that does not load, say) has failed all the same.
  total.failed += ok ? failed : Math.max(failed, 1);
  if (ok && passed === 0) total.failed += 1;
  if (!ok || failed > 0 || passed === 0) failures.push(name);
  console.log(
    `── ${name}: ${passed} passed, ${failed} failed${ok ? '' : ' (exit code says failed)'}`,
  );
}

/**
 * Each browser with its number of tests; Firefox and WebKit are not there where they are not installed (browsers.ts).
 * @param {any} report Playwright's
 */
function browsersOf(report) {
  /** @type {Map<string, number>} */
  const tests = new Map(report.config.projects.map((/** @type {any} */ { name }) => [name, 0]));
  const count = (/** @type {any} */ suite) => {
    for (const spec of suite.specs) {
      for (const { projectName } of spec.tests) {
        tests.set(projectName, (tests.get(projectName) ?? 0) + 1);
      }
    }
    for (const inner of suite.suites ?? []) count(inner);
  };
  for (const top of report.suites) count(top);
  const ran = [...tests].map(([name, number]) => `${name} (${number} tests)`);
  const absent = ['chromium', 'firefox', 'webkit'].filter((name) => !tests.has(name));
  return [...ran, ...absent.map((name) => `${name} (not installed)`)].join(', ');
}

/** The system's Chromium, else one that apt-get may install, else Playwright's own. */
function ensureChromium() {
  const found = [process.env.TABCAST_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'];
  if (found.some((path) => path !== undefined && existsSync(path))) return true;
  const root = process.getuid?.() === 0;
  const apt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
  if (root && apt) {
    console.log('tabcast: installing Chromium with apt-get…');
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    const installed =
      run('apt-get', ['update', '-qq'], quiet) &&
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
    if (installed && existsSync('/usr/bin/chromium')) return true;
  }
  console.log('tabcast: installing Playwright’s Chromium…');
  return run(bin('playwright'), ['install', 'chromium']);
}

/**
 * nginx.spec.ts wants a real nginx: the system's, else Debian's package, unpacked beside our own (fixtures/nginx.ts looks
 * there). Installed, it would begin to serve port 80. Without one the spec is skipped.
 */
function ensureNginx() {
  const folder = join(RESULTS, 'nginx');
  const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  if ([...places, join(folder, 'usr/sbin')].some((place) => existsSync(join(place, 'nginx'))))
    return;
  console.log('tabcast: getting nginx with apt-get…');
  mkdirSync(folder, { recursive: true });
  const script =
    'apt-get download -qq nginx || { apt-get update -qq && apt-get download -qq nginx; }';
  if (run('sh', ['-c', `cd "$1" && { ${script}; } && dpkg -x nginx_*.deb .`, 'sh', folder])) return;
  console.log('tabcast: there is no nginx, so nginx.spec.ts is skipped');
}

/**
 * @param {string} name
 * @param {readonly string[]} which
 */
function e2e(name, which) {
  const args = ['test', '--config', 'e2e', '--reporter=list,json', ...which];
  suite(
    name,
    (file) => run(bin('playwright'), args, { PLAYWRIGHT_JSON_OUTPUT_NAME: file }),
    (report) => {
      console.log(`── ${name} ran in: ${browsersOf(report)}`);
      const { stats } = report;
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
    },
  );
}

async function main() {
  await ensureInstalled({ dev: true });
  mkdirSync(RESULTS, { recursive: true });

  await check('format', () => run(bin('oxfmt'), ['--check', '.']));
  // Before lint, which asks the types of other folders of their declarations.
  await check('types', () => run(bin('tsc'), ['-b']));
  await check('lint', () => run(bin('oxlint'), ['--deny-warnings']));
  await check('dead code', () => run(bin('knip'), []));
  await check('rules', () => run(process.execPath, [join('e2e', 'rules.mjs')]));
  const built = await check('build', build);
  if (built) await check('size', () => run(process.execPath, [join('e2e', 'size.mjs')]));
  suite(
    'unit',
    (file) =>
      run(bin('vitest'), [
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ]),
    (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
  );
  if (built && (await check('chromium', ensureChromium))) {
    ensureNginx();
    // Most tests wait more than they work, so two run at once; those that measure have the machine for themselves.
    e2e('e2e', ['--workers=2', '--grep-invert=@alone']);
    e2e('e2e alone', ['--workers=1', '--grep=@alone']);
  }
  // At the end, for the beginning of a long output is soon out of sight.
  if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

const tooOld = nodeTooOld();
if (tooOld === null) {
  await main();
} else {
  console.error(tooOld);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
}
