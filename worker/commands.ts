/** Everything a person does, as requests. Each names its session, turn or request (O3). */
import { ok, type Result } from '../shared/errors.ts';
import type { Commands } from '../shared/hub-api.ts';
import type { Row } from '../shared/row.ts';
import type { ApiClient } from './api-client.ts';

export interface CommandDeps {
  client: ApiClient;
  /** The new row: its pane need not wait for the lane to tell it. */
  onCreated: (row: Row) => void;
  /** Undefined when the directory does not have that session. */
  logIdOf: (sessionId: string) => string | undefined;
  onSignedIn: () => void;
  /** By this browser's own wish. */
  onSignedOut: () => void;
}

export function createCommands({ client, logIdOf, ...on }: CommandDeps): Commands {
  const { call, knock } = client;
  return {
    async agents() {
      return map(await call([], ({ api }, o) => api.agents.$get({}, o)), ({ agents }) => agents);
    },
    agentTakes: (agent) =>
      call([], ({ api }, o) =>
        api.agents.takes.$get({ query: agent === null ? {} : { agent } }, o),
      ),
    knownAgents: () => call([], ({ api }, o) => api.agents.known.$get({}, o)),
    async configure(id, input) {
      const result = await call([id], ({ api }, o) =>
        api.sessions[':id'].config.$post({ param: { id }, json: input }, o),
      );
      return map(result, ({ options }) => options);
    },
    async createSession(input) {
      const result = await call([], ({ api }, o) => api.sessions.$post({ json: input }, o));
      if (result.ok) on.onCreated(result.value);
      return result;
    },
    patchSession: (id, patch) =>
      call([id], ({ api }, o) => api.sessions[':id'].$patch({ param: { id }, json: patch }, o)),
    async deleteSession(id) {
      const result = await call([id], ({ api }, o) =>
        api.sessions[':id'].$delete({ param: { id } }, o),
      );
      return map(result, () => true as const);
    },
    prompt: (id, input) =>
      call([id], ({ api }, o) =>
        api.sessions[':id'].turns.$post({ param: { id }, json: input }, o),
      ),
    draft: (id) => call([id], ({ api }, o) => api.sessions[':id'].draft.$get({ param: { id } }, o)),
    files: (id, query) =>
      call([id], ({ api }, o) =>
        api.sessions[':id'].files.$get({ param: { id }, query: { query } }, o),
      ),
    takes: (id) => call([id], ({ api }, o) => api.sessions[':id'].takes.$get({ param: { id } }, o)),
    changeQueued: (id, turnId, input) =>
      call([id, turnId], ({ api }, o) =>
        api.sessions[':id'].turns[':turnId'].$patch({ param: { id, turnId }, json: input }, o),
      ),
    releaseQueue: (id) =>
      call([id], ({ api }, o) => api.sessions[':id'].queue.release.$post({ param: { id } }, o)),
    startQueued: (id, turnId) =>
      call([id, turnId], ({ api }, o) =>
        api.sessions[':id'].turns[':turnId'].start.$post({ param: { id, turnId } }, o),
      ),
    removeQueued: (id, turnId) =>
      call([id, turnId], ({ api }, o) =>
        api.sessions[':id'].turns[':turnId'].$delete({ param: { id, turnId } }, o),
      ),
    cancel: (id, turnId) =>
      call([id, turnId], ({ api }, o) =>
        api.sessions[':id'].turns[':turnId'].cancel.$post({ param: { id, turnId } }, o),
      ),
    async answer(id, requestId, outcome) {
      const result = await call([id, requestId], ({ api }, o) =>
        api.sessions[':id'].requests[':requestId'].$post(
          { param: { id, requestId }, json: { outcome } },
          o,
        ),
      );
      return map(result, () => true as const);
    },
    olderTurns(id, before) {
      // With the log's id it is an address that the browser answers from its own cache the next time.
      const log = logIdOf(id);
      const query = { before: String(before), ...(log === undefined ? {} : { log }) };
      return call([id], ({ api }, o) =>
        api.sessions[':id'].turns.$get({ param: { id }, query }, o),
      );
    },
    async search(q) {
      const result = await call([], ({ api }, o) => api.search.$get({ query: { q } }, o));
      return map(result, ({ hits }) => hits);
    },
    folders: (path) => call([], ({ api }, o) => api.folders.$get({ query: { path } }, o)),
    async signInKind() {
      const result = await knock(({ api }, o) => api['sign-in'].$get({}, o));
      return map(result, ({ kind }) => kind);
    },
    async signIn(claim) {
      const result = await knock(({ api }, o) => api['sign-in'].$post({ json: claim }, o));
      if (result.ok) on.onSignedIn();
      return map(result, () => true as const);
    },
    signIns: () => call([], ({ api }, o) => api['sign-ins'].$get({}, o)),
    async endSignIn(id) {
      const result = await call([id], ({ api }, o) =>
        api['sign-ins'][':id'].$delete({ param: { id } }, o),
      );
      return map(result, () => true as const);
    },
    diagnostics: () => call([], ({ api }, o) => api.diagnostics.$get({}, o)),
    async signOut() {
      const result = await call([], ({ api }, o) => api['sign-out'].$post({}, o));
      if (result.ok) on.onSignedOut();
      return map(result, () => true as const);
    },
  };
}

function map<A, B>(result: Result<A>, change: (value: A) => B): Result<B> {
  return result.ok ? ok(change(result.value)) : result;
}
