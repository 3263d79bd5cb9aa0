/** The hub's commands as the page calls them: each waits for the hub, has a deadline and answers with a value. */
import type { Result } from '../../shared/errors.ts';
import type { Commands, HubApi } from '../../shared/hub-api.ts';
import { COMMAND_MS } from './link.ts';

export interface CommandCaller {
  /** @param ms for the wait for the hub, and again for its answer. Never rejects. */
  call<T>(ms: number, invoke: (api: HubApi) => Promise<Result<T>>): Promise<Result<T>>;
}

/** @returns `Commands` over a caller that knows the present connection */
export function createCommands({ call }: CommandCaller): Commands {
  const send = <T>(invoke: (api: HubApi) => Promise<Result<T>>) => call(COMMAND_MS, invoke);
  return {
    agents: () => send((api) => api.agents()),
    knownAgents: () => send((api) => api.knownAgents()),
    configure: (id, input) => send((api) => api.configure(id, input)),
    createSession: (input) => send((api) => api.createSession(input)),
    patchSession: (id, patch) => send((api) => api.patchSession(id, patch)),
    deleteSession: (id) => send((api) => api.deleteSession(id)),
    prompt: (id, input) => send((api) => api.prompt(id, input)),
    draft: (id) => send((api) => api.draft(id)),
    files: (id, query) => send((api) => api.files(id, query)),
    agentTakes: (id) => send((api) => api.agentTakes(id)),
    takes: (id) => send((api) => api.takes(id)),
    changeQueued: (id, turnId, input) => send((api) => api.changeQueued(id, turnId, input)),
    releaseQueue: (id) => send((api) => api.releaseQueue(id)),
    startQueued: (id, turnId) => send((api) => api.startQueued(id, turnId)),
    removeQueued: (id, turnId) => send((api) => api.removeQueued(id, turnId)),
    cancel: (id, turnId) => send((api) => api.cancel(id, turnId)),
    answer: (id, requestId, outcome) => send((api) => api.answer(id, requestId, outcome)),
    olderTurns: (id, before) => send((api) => api.olderTurns(id, before)),
    search: (words) => send((api) => api.search(words)),
    folders: (path) => send((api) => api.folders(path)),
    signInKind: () => send((api) => api.signInKind()),
    signIn: (claim) => send((api) => api.signIn(claim)),
    signIns: () => send((api) => api.signIns()),
    endSignIn: (id) => send((api) => api.endSignIn(id)),
    diagnostics: () => send((api) => api.diagnostics()),
    signOut: () => send((api) => api.signOut()),
  };
}
