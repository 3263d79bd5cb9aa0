/** Sessions by name on the hub's page. */
import { useStore } from './store-context.ts';
import { titleOf } from './words.ts';

/** @returns what tells the title of a log's session; its log while the directory does not have it */
export function useShownTitle(): (logId: string | null) => string {
  const { rows } = useStore();
  return (logId) => {
    if (logId === null) return 'Unknown session';
    const row = rows.byLog(logId);
    return row === undefined ? logId : titleOf(row);
  };
}
