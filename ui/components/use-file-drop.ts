/** Files that are dragged over the page. */
import { useEffect, useState } from 'preact/hooks';

/**
 * They may be dropped anywhere: beside the box the browser would leave the page for them.
 * @returns whether some are over the page now
 */
export function useFileDrop(onFiles: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const events = new AbortController();
    const on = (
      type: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
      run: (e: DragEvent) => void,
    ) => window.addEventListener(type, run, { signal: events.signal });
    const take = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return false;
      event.preventDefault();
      return true;
    };
    on('dragenter', (event) => take(event) && setOver(true));
    on('dragover', (event) => {
      if (take(event) && event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    });
    // Between two elements of the page it has another one to go to.
    on('dragleave', (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    on('drop', (event) => {
      setOver(false);
      if (take(event)) onFiles([...(event.dataTransfer?.files ?? [])]);
    });
    return () => events.abort();
  }, [onFiles]);
  return over;
}

/** What is pasted as files. A copied text may carry a picture of itself: then it is a text. */
export function pastedFiles(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])];
  const text = data?.getData('text/plain').trim() ?? '';
  const namesThem = files.some(({ name }) => name !== '' && text.endsWith(name));
  return text === '' || namesThem ? files : [];
}
