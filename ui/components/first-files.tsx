/** What goes with a first message, and whether the agent that is chosen takes it: another may be chosen later. */
import { useEffect, useState } from 'preact/hooks';
import type { AgentTakes } from '../../shared/api.ts';
import type { Result } from '../../shared/errors.ts';
import { misfit, type Attachments } from '../store/attachments.ts';
import { FIRST_BOX } from '../store/new-session.ts';
import { Attached } from './attached.tsx';

interface Props {
  attachments: Attachments;
  /** Null: the default one. */
  agentId: string | null;
  /** What it is called. */
  agent: string;
  /** The message can't go with these, or it is not known yet. */
  onBarred(barred: boolean): void;
  onEmptied(): void;
}

export function FirstFiles({ attachments, agentId, agent, onBarred, onEmptied }: Props) {
  const files = attachments.of(FIRST_BOX);
  const [told, setTold] = useState<{ by: string | null; takes: Result<AgentTakes> } | null>(null);
  const some = files.list.length > 0;
  useEffect(() => {
    if (!some) return;
    let over = false;
    void attachments.takes(agentId).then((takes) => {
      if (!over) setTold({ by: agentId, takes });
    });
    return () => {
      over = true;
    };
  }, [some, agentId]);
  const known = told?.by === agentId ? told : null;
  const words = some && known !== null ? misfit(agent, known.takes, files.list) : null;
  const barred = some && (known === null || words !== null);
  useEffect(() => onBarred(barred), [barred]);
  useEffect(() => () => onBarred(false), []);
  return (
    <>
      <Attached
        files={files}
        links={[]}
        onRemove={(id) => attachments.remove(FIRST_BOX, id)}
        onEmptied={onEmptied}
      />
      {words === null ? null : (
        <p class="problem" role="alert">
          {words}
        </p>
      )}
    </>
  );
}
