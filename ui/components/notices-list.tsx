/** What went wrong, where it happened. */
import { useStore } from './store-context.ts';

/** @param logId of the session whose notices are shown; null: those of the whole page */
export function NoticesList({ logId }: { logId: string | null }) {
  const { notices } = useStore();
  const mine = notices.all.value.filter((notice) => notice.logId === logId);
  if (mine.length === 0) return null;
  return (
    <div class="notices">
      {mine.map(({ id, title, detail }) => (
        <div key={id} class="card banner" role="alert">
          <p>
            <strong>{title}</strong> {detail}
          </p>
          <button type="button" class="button small quiet" onClick={() => notices.dismiss(id)}>
            Dismiss
          </button>
        </div>
      ))}
    </div>
  );
}
