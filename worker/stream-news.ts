/** What it means for the sessions that a stream opened, broke off or came to its end. */
import { unreachable, type ApiError } from '../shared/errors.ts';
import type { Demand } from './demand.ts';
import type { Intake } from './intake.ts';
import type { Protocol } from './protocol.ts';
import type { Rows } from './rows.ts';
import type { Sessions } from './sessions.ts';
import type { Streams } from './streams.ts';
import type { UpstreamState } from './upstream-state.ts';

export interface StreamNews {
  /** Of the stream of that log alone. */
  own(state: UpstreamState, logId: string): void;
  /** Of the shared lane. */
  lane(state: UpstreamState): void;
}

export interface StreamNewsDeps {
  rows: Rows;
  sessions: Sessions;
  streams: Streams;
  demand: Demand;
  intake: Intake;
  protocol: Protocol;
  /** The server answers: asked before what follows from it is settled. */
  onLaneOpen(): void;
  /** The server knows this principal no more. */
  signOut(error: ApiError): void;
  settle(): void;
}

export function createStreamNews(deps: StreamNewsDeps): StreamNews {
  const { rows, sessions, streams, demand, intake, protocol, onLaneOpen, signOut, settle } = deps;
  return {
    own(state, logId) {
      demand.touch(logId);
      if (state.name === 'open') streams.wake();
      if (state.name === 'stopped') {
        const session = sessions.get(logId);
        switch (state.reason) {
          case 'up-to-date':
            if (session !== undefined) session.upToDate = session.log?.state.seq ?? null;
            settle();
            // The row told of more since then.
            if (demand.wants(logId)) streams.resume(logId);
            break;
          case 'missing':
            intake.remove(rows.get(logId));
            break;
          case 'signed-out':
            signOut(state.error);
            break;
          case 'refused':
            if (session !== undefined) session.refused = state.error;
            break;
          default:
            unreachable(state.reason);
        }
      }
      settle();
    },
    lane(state) {
      const reaching = state.name === 'connecting' || state.name === 'open';
      if (!reaching || (state.name === 'connecting' && state.trouble !== null)) protocol.doubt();
      if (reaching) protocol.find();
      if (state.name === 'open') {
        streams.wake();
        onLaneOpen();
      }
      if (state.name === 'stopped' && state.reason === 'signed-out') signOut(state.error);
      if (state.name === 'stopped' && state.reason === 'up-to-date') streams.startLane();
      settle();
    },
  };
}
