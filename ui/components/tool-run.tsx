/** Tool calls in a row. An update costs the cards near it, however many there are. */
import { useRef } from 'preact/hooks';
import type { Part } from '../../shared/state.ts';
import { memo } from '../memo.ts';
import type { SessionRef } from '../store/actions.ts';
import { PartView } from './parts.tsx';

interface Props {
  session: SessionRef;
  turnId: string;
  /** All of its turn; the run is those from `from` to before `to`. */
  parts: readonly Part[];
  from: number;
  to: number;
  live: boolean;
}

/** Cards that are compared together. */
const CHUNK = 40;

export function ToolRun({ session, turnId, parts, from, to, live }: Props) {
  const kept = useRef<(readonly Part[])[]>([]);
  const chunks: (readonly Part[])[] = [];
  for (let at = from; at < to; at += CHUNK) {
    const own = parts.slice(at, Math.min(to, at + CHUNK));
    const before = kept.current[chunks.length] ?? [];
    const same = before.length === own.length && own.every((part, nth) => part === before[nth]);
    chunks.push(same ? before : own);
  }
  kept.current = chunks;
  return (
    <div class="tools">
      {chunks.map((own, nth) => (
        <Chunk
          key={nth}
          session={session}
          turnId={turnId}
          parts={own}
          from={from + nth * CHUNK}
          live={live}
        />
      ))}
    </div>
  );
}

const Chunk = memo(function Cards({ session, turnId, parts, from, live }: Omit<Props, 'to'>) {
  return (
    <>
      {parts.map((part, at) => (
        <PartView
          key={from + at}
          session={session}
          part={part}
          card={`${turnId} ${from + at}`}
          live={live}
        />
      ))}
    </>
  );
});
