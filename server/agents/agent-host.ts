/**
 * The seam between the turn runner and the agents. Behind it: one process per configured agent, spoken to
 * over ACP, many sessions on each, restarted when it died. https://agentclientprotocol.com/protocol/v1
 */
import type {
  ContentBlock,
  CreateElicitationRequest,
  RequestPermissionOutcome,
  RequestPermissionRequest,
  SessionUpdate,
  StopReason,
} from '@agentclientprotocol/sdk';
import type { AgentInfo, AgentTakes, KnownAgents } from '../../shared/api.ts';
import type { ConfigValue } from '../../shared/config-options.ts';
import type { QuestionOutcome } from '../../shared/events.ts';

/** What the agent asks and tells while a session is open. Called in the order the agent sent them. */
export interface AgentHandlers {
  /** A promise: nothing more is read from the agent until it settles. */
  onUpdate(update: SessionUpdate): void | Promise<void>;
  /** `signal` aborts when the agent took the request back or died. */
  onPermission(
    request: RequestPermissionRequest,
    signal: AbortSignal,
  ): Promise<RequestPermissionOutcome>;
  /** Form mode only; other modes are declined before they get here. */
  onQuestion(request: CreateElicitationRequest, signal: AbortSignal): Promise<QuestionOutcome>;
}

export interface OpenAgentSession {
  agentId: string;
  cwd: string;
  /** The agent's id from an earlier `open`, or null. */
  agentSessionId: string | null;
  /** Called from before `open` resolves: what the agent sent meanwhile comes first. */
  handlers: AgentHandlers;
}

export interface AgentSession {
  /** To be stored: the next `open` resumes with it. */
  readonly agentSessionId: string;
  /** `lost`: the agent could not take the earlier session up again and began a new one. */
  readonly memory: 'new' | 'resumed' | 'lost';
  /** False when only this process knows the conversation: released, it would be lost. */
  readonly resumable: boolean;
  /** The update that says what can be chosen and what is, as the agent told it when it opened the session; null: nothing. */
  readonly options: SessionUpdate | null;
  /** True until the process died, or `release` was called. */
  readonly alive: boolean;
  /**
   * Runs one turn. Every update the agent sent before its answer has been handed to `onUpdate` when this settles.
   * @throws AgentError when the agent answered with an error or its process died
   */
  prompt(blocks: ContentBlock[]): Promise<StopReason>;
  /** ACP `session/cancel`: `prompt` then settles with `cancelled`. Never throws. */
  cancel(): void;
  /**
   * Another value of an option, also while a turn runs. ACP `session/set_config_option`, or `session/set_mode`.
   * @returns the update that says how the options are now
   * @throws AgentError
   */
  configure(configId: string, value: ConfigValue): Promise<SessionUpdate>;
  /** The session is not wanted any more; late updates go nowhere. Twice is fine. */
  release(): void;
}

export interface AgentHost {
  /** Configured agents, the default first, each with what is known to be wrong with it now. */
  agents(): AgentInfo[];
  /** Agents that can be added. */
  knownAgents(): KnownAgents;
  /**
   * What a prompt to that agent may carry; its process tells, and is started if need be.
   * @throws AgentError
   */
  takes(agentId: string): Promise<AgentTakes>;
  /**
   * Starts the process if need be, then `session/resume`, else `session/load` (its replay swallowed), else `session/new`.
   * @throws AgentError
   */
  open(session: OpenAgentSession): Promise<AgentSession>;
  /** Ends every process. Twice is fine; leaves no timer and no child. */
  close(): Promise<void>;
}

export type AgentErrorCode =
  /** Not configured any more. */
  | 'agent_unknown'
  /** The command could not be run. */
  | 'agent_start'
  /** Its folder is gone, or under no root. */
  | 'agent_folder'
  | 'agent_auth'
  /** The process died. */
  | 'agent_exited'
  /** The agent answered with an error. */
  | 'agent_error';

/** What becomes the `error` of `turn.ended`: `message` says what happened and what to do. */
export class AgentError extends Error {
  override name = 'AgentError';
  readonly code: AgentErrorCode;
  /** The last lines of stderr. */
  readonly detail: string | null;
  constructor(code: AgentErrorCode, message: string, detail: string | null = null) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}
