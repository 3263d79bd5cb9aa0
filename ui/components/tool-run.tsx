/** Tool calls in a row. An update costs the cards near it, however many there are. */
import { useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Part } from '../../shared/state.ts';
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

interface Kept {
  parts: readonly Part[];
  live: boolean;
  session: SessionRef;
  node: VNode;
}

export function ToolRun({ session, turnId, parts, from, to, live }: Props) {
  const kept = useRef<Kept[]>([]);
  const chunks: Kept[] = [];
  for (let at = from; at < to; at += CHUNK) {
    const own = parts.slice(at, Math.min(to, at + CHUNK));
    const before = kept.current[chunks.length];
    const same =
      before !== undefined &&
      before.live === live &&
      before.session === session &&
      before.parts.length === own.length &&
      own.every((part, index) => part === before.parts[index]);
    // The same vnode tells Preact that nothing in it changed.
    chunks.push(
      same
        ? before
        : {
            parts: own,
            live,
            session,
            node: (
              <Chunk key={at} session={session} turnId={turnId} parts={own} from={at} live={live} />
            ),
          },
    );
  }
  kept.current = chunks;
  return <div class="tools">{chunks.map(({ node }) => node)}</div>;
}

function Chunk({ session, turnId, parts, from, live }: Omit<Props, 'to'>) {
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
}
