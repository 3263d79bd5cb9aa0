/** Types of `bootstrap.mjs`, which is plain JavaScript because it runs before anything is built. */
type Run = (command: string, args: readonly string[], folder: string) => Promise<void>;

export function ensureInstalled(options?: {
  dev?: boolean;
  folder?: string;
  run?: Run;
  say?: (message: string) => void;
}): Promise<boolean>;
export function isInstalled(folder: string, dev: boolean): boolean;
export function ensureBuilt(options?: {
  folder?: string;
  run?: Run;
  say?: (message: string) => void;
}): Promise<boolean>;
export function sourceHash(folder: string): string;
