/** The built program behind `npm run user`. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { createPasswords } from './access/password.ts';
import { runUserCommand } from './access/user-command.ts';
import { UsersError } from './access/users-file.ts';

/** One line; nothing of it is shown where it is typed. */
function ask(question: string): Promise<string> {
  const { stdin, stderr } = process;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: stdin,
    output: silent,
    terminal: stdin.isTTY,
  });
  if (stdin.isTTY) stderr.write(question);
  return new Promise((resolve, reject) => {
    let answer: string | null = null;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => {
      if (stdin.isTTY) stderr.write('\n');
      if (answer === null) reject(new UsersError('No password was given. Nothing was changed.'));
      else resolve(answer);
    });
  });
}

async function askPassword(name: string): Promise<string> {
  const password = await ask(`Password for ${name}: `);
  if (!process.stdin.isTTY) return password;
  if ((await ask('Once more: ')) === password) return password;
  throw new UsersError('The two are not the same. Nothing was changed.');
}

try {
  await runUserCommand(process.argv.slice(2), {
    // npm runs a script in the package's folder; INIT_CWD is the one the person was in.
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    env: process.env,
    passwords: createPasswords(),
    terminal: { askPassword, print: (line) => process.stdout.write(`${line}\n`) },
  });
} catch (error) {
  if (!(error instanceof UsersError)) throw error;
  process.stderr.write(`tabcast: ${error.message}\n`);
  process.exitCode = 1;
}
