/** The entry of `npm run backup` and `npm run restore`: `backup|restore <file> [--data <folder>]`. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, readDataFolder } from '../config.ts';
import { processEnvironment } from '../environment.ts';
import { backUp, BackupError } from '../store/backup.ts';
import { DATABASE_FILE, lockDatabase, StoreOpenError } from '../store/database.ts';
import { restore } from '../store/restore.ts';
import { askForBackup } from './control.ts';

const USAGE = `  npm run backup -- <file> [--data <folder>]     copies all sessions into one file; tabcast may run meanwhile
  npm run restore -- <file> [--data <folder>]    puts such a file in the place of the sessions; tabcast must be stopped`;

interface Wish {
  kind: 'backup' | 'restore';
  /** Absolute. */
  file: string;
  dataFolder: string;
}

function readWish(argv: readonly string[]): Wish {
  const from = processEnvironment();
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { data: { type: 'string' } },
      allowPositionals: true,
    });
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new ConfigError(`${problem}.\n\n${USAGE}`, { cause: error });
  }
  const [kind, file, ...rest] = parsed.positionals;
  if ((kind !== 'backup' && kind !== 'restore') || file === undefined || rest.length > 0) {
    throw new ConfigError(`Name one file.\n\n${USAGE}`);
  }
  return {
    kind,
    file: resolve(from.cwd, file),
    dataFolder: readDataFolder(parsed.values.data, from),
  };
}

async function makeBackup({ file, dataFolder }: Wish): Promise<void> {
  if (!existsSync(dirname(file))) throw new BackupError(`There is no folder ${dirname(file)}.`);
  if (await askForBackup(dataFolder, file)) return;
  const database = join(dataFolder, DATABASE_FILE);
  if (!existsSync(database)) throw new BackupError(`There is no database ${database}.`);
  const db = lockDatabase({ file: database });
  try {
    await backUp(db, file);
  } finally {
    db.close();
  }
}

function putBack({ file, dataFolder }: Wish): string {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const { sessions, setAside } = restore({
    backup: file,
    file: join(dataFolder, DATABASE_FILE),
    now: Date.now(),
    newId: () => randomBytes(15).toString('base64url'),
  });
  const kept = setAside === null ? '' : ` What was there is kept as ${setAside}.`;
  return `restored ${file}: ${sessions} ${sessions === 1 ? 'session' : 'sessions'}.${kept}`;
}

try {
  const wish = readWish(process.argv.slice(2));
  if (wish.kind === 'backup') {
    await makeBackup(wish);
    process.stdout.write(`tabcast: all sessions are in ${wish.file}\n`);
  } else {
    process.stdout.write(`tabcast: ${putBack(wish)}\n`);
  }
} catch (error) {
  const isForThePerson =
    error instanceof ConfigError || error instanceof BackupError || error instanceof StoreOpenError;
  const text = error instanceof Error && !isForThePerson ? error.stack : (error as Error).message;
  process.stderr.write(`tabcast: ${text}\n`);
  process.exitCode = 1;
}
