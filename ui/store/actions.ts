/** What a person does, as commands that name what they are about (O3); what fails is told where it happened. */
import type { FolderList } from '../../shared/api.ts';
import type {
  AnswerOutcome,
  ConfigInput,
  CreateSessionInput,
  PatchSessionInput,
} from '../../shared/commands.ts';
import type { KnownAgents } from '../../shared/api.ts';
import type { SessionConfigOption } from '../../shared/config-options.ts';
import type { ApiError, Result } from '../../shared/errors.ts';
import type { Commands } from '../../shared/hub-api.ts';
import type { Row } from '../../shared/row.ts';
import type { Turn } from '../../shared/state.ts';
import type { Notices } from './notices.ts';

/** A session by its id for the server and its log for what this tab keeps. */
export interface SessionRef {
  sessionId: string;
  logId: string;
}

export interface Actions {
  /** @returns the new row, or null when it failed, which is told */
  create(input: CreateSessionInput): Promise<Row | null>;
  /** As `create`; the error goes to the form that it was filled in. */
  createWith(input: CreateSessionInput): Promise<Result<Row>>;
  /** What a half-typed path may become. */
  folders(path: string): Promise<Result<FolderList>>;
  patch(session: SessionRef, patch: PatchSessionInput): Promise<boolean>;
  remove(session: SessionRef): Promise<boolean>;
  cancel(session: SessionRef, turnId: string): Promise<void>;
  /** @param before the turn that it shall stand before; null: at the end */
  moveQueued(session: SessionRef, turnId: string, before: string | null): Promise<void>;
  releaseQueue(session: SessionRef): Promise<void>;
  startQueued(session: SessionRef, turnId: string): Promise<void>;
  removeQueued(session: SessionRef, turnId: string): Promise<void>;
  /** Sends the prompt of a turn that failed as a new turn; asked again, also by another tab, it is the same one (L9). */
  repeat(session: SessionRef, turn: Turn): Promise<boolean>;
  /** The error goes to the card that was answered. */
  answer(session: SessionRef, requestId: string, outcome: AnswerOutcome): Promise<Result<true>>;
  /** Another mode, model and so on; `{}` asks what there is to choose. @returns all that can be chosen; null when it failed, which is told */
  configure(session: SessionRef, input: ConfigInput): Promise<SessionConfigOption[] | null>;
  /** Null when they could not be had. */
  knownAgents(): Promise<KnownAgents | null>;
  /** @returns turns before that ordinal, oldest first; null when it failed, which is told */
  olderTurns(session: SessionRef, before: number): Promise<Turn[] | null>;
}

/** @param commands the hub's */
export function createActions(commands: Commands, notices: Notices): Actions {
  const tell = (session: SessionRef | null, title: string, error: ApiError) =>
    notices.add(session?.logId ?? null, title, error);

  return {
    async create(input) {
      const result = await commands.createSession(input);
      if (result.ok) return result.value;
      tell(null, 'No session was made.', result.error);
      return null;
    },
    createWith: commands.createSession,
    folders: commands.folders,
    async patch(session, patch) {
      const result = await commands.patchSession(session.sessionId, patch);
      if (!result.ok) tell(session, 'The change was not saved.', result.error);
      return result.ok;
    },
    async remove(session) {
      const result = await commands.deleteSession(session.sessionId);
      // Somebody else was faster: gone is gone.
      if (result.ok || result.error.code === 'not_found') return true;
      tell(session, 'The session was not deleted.', result.error);
      return false;
    },
    async cancel(session, turnId) {
      const result = await commands.cancel(session.sessionId, turnId);
      if (!result.ok) tell(session, 'The turn was not stopped; it runs on.', result.error);
    },
    async moveQueued(session, turnId, before) {
      const result = await commands.changeQueued(session.sessionId, turnId, { before });
      if (!result.ok) tell(session, 'The prompt was not moved.', result.error);
    },
    async releaseQueue(session) {
      const result = await commands.releaseQueue(session.sessionId);
      if (!result.ok) tell(session, 'The queue was not sent; it still waits.', result.error);
    },
    async startQueued(session, turnId) {
      const result = await commands.startQueued(session.sessionId, turnId);
      if (!result.ok) tell(session, 'The prompt was not started; it still waits.', result.error);
    },
    async removeQueued(session, turnId) {
      const result = await commands.removeQueued(session.sessionId, turnId);
      if (!result.ok) tell(session, 'The prompt was not removed.', result.error);
    },
    async repeat({ sessionId, logId }, { turnId, prompt }) {
      const input = { prompt, key: `again-${turnId}`, mode: 'queue' as const };
      const result = await commands.prompt(sessionId, input);
      if (!result.ok) tell({ sessionId, logId }, 'The message was not sent again.', result.error);
      return result.ok;
    },
    answer: (session, requestId, outcome) => commands.answer(session.sessionId, requestId, outcome),
    async configure(session, input) {
      const result = await commands.configure(session.sessionId, input);
      if (result.ok) return result.value;
      tell(session, 'The setting was not changed.', result.error);
      return null;
    },
    async knownAgents() {
      const result = await commands.knownAgents();
      return result.ok ? result.value : null;
    },
    async olderTurns(session, before) {
      const result = await commands.olderTurns(session.sessionId, before);
      if (result.ok) return result.value.turns;
      tell(session, 'Earlier messages could not be loaded.', result.error);
      return null;
    },
  };
}
