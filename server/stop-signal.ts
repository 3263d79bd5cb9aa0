/** When the process is to stop: SIGTERM, Ctrl-C, and the end of the npm that started it. */

/** Two signals within this are one: Ctrl-C reaches the whole terminal, and npm passes its own on. Milliseconds. */
const SAME_SIGNAL_MS = 300;
/** How often the parent is looked at, in milliseconds. */
const PARENT_MS = 500;

/** @param stop called once; a signal after that ends the process at once */
export function onStopSignal(stop: () => void): void {
  let stoppedAt: number | null = null;
  const begin = (): void => {
    stoppedAt = performance.now();
    stop();
  };
  const onSignal = (): void => {
    if (stoppedAt === null) begin();
    else if (performance.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);

  // npm runs a script in a shell, and gives its own signals to that: the shell dies of them, and we would stay behind.
  if (process.env['npm_lifecycle_event'] !== 'start') return;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    if (stoppedAt === null) begin();
  }, PARENT_MS);
  look.unref();
}
