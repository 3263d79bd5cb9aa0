/** `npm run user`: makes and changes the users file. Pure but for the file; the terminal is the caller's. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { passwordProblem, type Passwords } from './password.ts';
import { readUsers, tokenHash, userName, UsersError, writeUsers, type User } from './users-file.ts';

const USERS_FILE = 'tabcast.users.json';

export interface UserTerminal {
  /** Asks twice where a person types, without echo; the first line of a pipe otherwise. */
  askPassword(name: string): Promise<string>;
  print(line: string): void;
}

export interface UserCommandDeps {
  /** Where a relative file is looked for. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  passwords: Passwords;
  terminal: UserTerminal;
}

const HELP = `tabcast: who may sign in

  npm run user add <name>        a further user; asks for the password, or reads it from a pipe
  npm run user password <name>   another password: signs that user out everywhere
  npm run user token <name>      a token for scripts, in place of the one before; printed once
  npm run user remove <name>     takes the user out, and signs them out everywhere; their sessions stay
  npm run user list              the names

The file is ./${USERS_FILE}, or TABCAST_USERS, or what '-- --users <file>' names. A server that runs with it
notices within a second. A user named 'local' has the sessions of before there were users.
`;

/** @throws UsersError, with words for the person */
export async function runUserCommand(
  argv: readonly string[],
  { cwd, env, passwords, terminal }: UserCommandDeps,
): Promise<void> {
  const { command, name, file: named } = readArguments(argv);
  const file = resolve(cwd, named ?? (env['TABCAST_USERS'] || USERS_FILE));
  const load = (): User[] => readUsers(file);
  const find = (users: readonly User[]): User => {
    const user = users.find((each) => each.name === name);
    if (user === undefined) throw new UsersError(`${file} has no user '${name}'.`);
    return user;
  };
  const newHash = async (): Promise<string> => {
    const password = await terminal.askPassword(name);
    const problem = passwordProblem(password);
    if (problem !== null) throw new UsersError(`${problem} Nothing was changed.`);
    return passwords.hash(password);
  };

  switch (command) {
    case 'add': {
      const users = existsSync(file) ? load() : [];
      if (users.some((each) => each.name === name)) {
        throw new UsersError(
          `There is a user '${name}' already. To change the password: npm run user password ${name}`,
        );
      }
      writeUsers(file, [...users, { name, password: await newHash() }]);
      terminal.print(`'${name}' may sign in. Start with: npm start -- --users ${file}`);
      return;
    }
    case 'password': {
      const users = load();
      const user = find(users);
      user.password = await newHash();
      writeUsers(file, users);
      terminal.print(`'${name}' has another password, and is signed out everywhere.`);
      return;
    }
    case 'token': {
      const users = load();
      const token = randomBytes(32).toString('base64url');
      find(users).token = tokenHash(token);
      writeUsers(file, users);
      terminal.print(token);
      return;
    }
    case 'remove': {
      const users = load();
      const gone = find(users);
      writeUsers(
        file,
        users.filter((each) => each !== gone),
      );
      terminal.print(`'${name}' may not sign in any more.`);
      return;
    }
    case 'list':
      for (const each of load()) {
        terminal.print(each.token === undefined ? each.name : `${each.name}  (has a token)`);
      }
      return;
    default:
      terminal.print(HELP);
  }
}

function readArguments(argv: readonly string[]): { command: string; name: string; file?: string } {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { users: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsersError((error as Error).message, { cause: error });
  }
  const [command = 'help', name = '', ...more] = parsed.positionals;
  const { users: file, help } = parsed.values;
  const where = file === undefined ? {} : { file };
  if (help === true || command === 'help') return { command: 'help', name: '' };
  if (command === 'list' && name === '') return { command, name, ...where };
  if (!['add', 'password', 'token', 'remove'].includes(command)) {
    throw new UsersError(`There is no '${argv.join(' ')}'. See: npm run user help`);
  }
  const problem = userName.safeParse(name);
  if (!problem.success || more.length > 0) {
    throw new UsersError(
      `Name one user, as in: npm run user ${command} anna. ${problem.error?.issues[0]?.message ?? ''}`.trim(),
    );
  }
  return { command, name, ...where };
}
