/** Programs of a bench that run in a process of their own, called over Node's IPC: one call at a time, answers in order. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Of an event's frame in the fan-out benches, the cursor and all included. */
export const EVENT_BYTES = 230;

/** What a child offers; arguments and results are JSON. */
type Calls = Record<string, (argument: never) => unknown>;

type Result<C extends Calls, Name extends keyof C> = Promise<Awaited<ReturnType<C[Name]>>>;

export interface Child<C extends Calls> {
  call<Name extends keyof C>(name: Name, ...argument: Parameters<C[Name]>): Result<C, Name>;
  end(): Promise<void>;
}

interface Answer {
  result?: unknown;
  error?: string;
}

/** @param file the child's program, which calls `offer` */
export function startChild<C extends Calls>(file: string, args: readonly string[]): Child<C> {
  const child = fork(file, args, { execArgv: ['--expose-gc', '--import', 'tsx'] });
  let settle: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;
  child.on('message', (answer) => settle?.resolve(answer as Answer));
  child.on('exit', () => settle?.reject(new Error(`${file} ended before it answered`)));
  const call = async (name: keyof C, argument: unknown): Promise<unknown> => {
    const answered = new Promise<Answer>((resolve, reject) => {
      settle = { resolve, reject };
    });
    child.send({ name, argument });
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${file}, ${String(name)}: ${error}`);
    return result;
  };
  return {
    call(name, ...[argument]) {
      return call(name, argument) as Result<C, typeof name>;
    },
    async end() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

/** In the child: answers its parent's calls. */
export function offer(calls: Calls): void {
  process.on('message', (message: { name: string; argument: never }) => {
    const answer = async (): Promise<Answer> => {
      try {
        return { result: await calls[message.name]?.(message.argument) };
      } catch (error) {
        return { error: String(error instanceof Error ? error.stack : error) };
      }
    };
    void answer().then((sent) => process.send?.(sent));
  });
  // Its parent is gone.
  process.on('disconnect', () => process.exit());
}
