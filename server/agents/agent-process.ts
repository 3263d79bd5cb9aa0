/** What the host needs of an agent's process. Tests put an agent of their own process behind it. */

/** How it ended. */
export type ProcessExit =
  | { kind: 'exited'; code: number }
  | { kind: 'killed'; signal: string }
  /** It never ran: `problem` says why, in words that follow 'could not be started: '. */
  | { kind: 'failed'; problem: string };

export interface AgentProcess {
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  /** Settles once the process is gone, also when it never started; rejects never. Output may still be unread. */
  readonly exited: Promise<ProcessExit>;
  /** To the process and what it started. Never throws; no effect on what is gone. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface SpawnRequest {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string | null;
}

/** Never throws: what goes wrong is told by `exited`. */
export type SpawnAgent = (request: SpawnRequest) => AgentProcess;
