/** Dialogs and shortcuts come after the page: a button that was pressed before opens its dialog then. */
import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export function DialogsLater() {
  const [Dialogs, setDialogs] = useState<FunctionComponent | null>(null);
  useEffect(() => {
    const load = async () => {
      const found = await import('./dialogs.tsx');
      setDialogs(() => found.Dialogs);
    };
    // All else works without them, and the page's banner tells of a server that is gone.
    load().catch(() => {});
  }, []);
  return Dialogs === null ? null : <Dialogs />;
}
