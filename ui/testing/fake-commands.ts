/** Commands that record what they were called with and answer as told. */
import { ok } from '../../shared/errors.ts';
import type { Commands } from '../../shared/hub-api.ts';
import { makeRow } from './fixtures.ts';

export type Call = {
  [Name in keyof Commands]: { name: Name; args: Parameters<Commands[Name]> };
}[keyof Commands];

export interface FakeCommands extends Commands {
  readonly calls: Call[];
  /** What a command answers from now on, in place of success. */
  answers: Partial<Commands>;
}

export function createFakeCommands(): FakeCommands {
  const calls: Call[] = [];
  const answers: Partial<Commands> = {};
  const successes: Commands = {
    agents: async () => ok([{ id: 'demo', title: 'Demo agent', default: true }]),
    knownAgents: async () => ok({ known: [], configured: true }),
    configure: async () => ok([]),
    createSession: async () => ok(makeRow('new')),
    patchSession: async (id) => ok(makeRow(id)),
    deleteSession: async () => ok(true),
    prompt: async () => ok({ turnId: 'turn' }),
    draft: async () => ok({ text: '', rev: 0, fork: 0 }),
    files: async () => ok({ folder: '/srv/project', files: [], more: false }),
    agentTakes: async () => ok({ image: true, audio: true, embeddedContext: true }),
    takes: async () => ok({ image: true, audio: true, embeddedContext: true }),
    changeQueued: async (_id, turnId) => ok({ turnId }),
    releaseQueue: async () => ok({ released: 1 }),
    startQueued: async (_id, turnId) => ok({ turnId }),
    removeQueued: async () => ok({ removed: true }),
    cancel: async () => ok({ cancelling: true }),
    answer: async () => ok(true),
    olderTurns: async () => ok({ turns: [], more: false }),
    search: async () => ok([]),
    folders: async () => ok({ roots: ['/srv'], folders: ['/srv/project'], more: false }),
    signInKind: async () => ok('users'),
    signIn: async () => ok(true),
    signIns: async () => ok({ name: 'anna', signIns: [] }),
    endSignIn: async () => ok(true),
    diagnostics: async () =>
      ok({ streams: { lanes: 1, own: 0, sessions: {} }, turns: 0, uptime: 60 }),
    signOut: async () => ok(true),
  };
  const fake: FakeCommands = {
    calls,
    answers,
    agents: () => {
      calls.push({ name: 'agents', args: [] });
      return (fake.answers.agents ?? successes.agents)();
    },
    knownAgents: () => {
      calls.push({ name: 'knownAgents', args: [] });
      return (fake.answers.knownAgents ?? successes.knownAgents)();
    },
    configure: (...args) => {
      calls.push({ name: 'configure', args });
      return (fake.answers.configure ?? successes.configure)(...args);
    },
    createSession: (...args) => {
      calls.push({ name: 'createSession', args });
      return (fake.answers.createSession ?? successes.createSession)(...args);
    },
    patchSession: (...args) => {
      calls.push({ name: 'patchSession', args });
      return (fake.answers.patchSession ?? successes.patchSession)(...args);
    },
    deleteSession: (...args) => {
      calls.push({ name: 'deleteSession', args });
      return (fake.answers.deleteSession ?? successes.deleteSession)(...args);
    },
    prompt: (...args) => {
      calls.push({ name: 'prompt', args });
      return (fake.answers.prompt ?? successes.prompt)(...args);
    },
    draft: (...args) => {
      calls.push({ name: 'draft', args });
      return (fake.answers.draft ?? successes.draft)(...args);
    },
    files: (...args) => {
      calls.push({ name: 'files', args });
      return (fake.answers.files ?? successes.files)(...args);
    },
    agentTakes: (...args) => {
      calls.push({ name: 'agentTakes', args });
      return (fake.answers.agentTakes ?? successes.agentTakes)(...args);
    },
    takes: (...args) => {
      calls.push({ name: 'takes', args });
      return (fake.answers.takes ?? successes.takes)(...args);
    },
    changeQueued: (...args) => {
      calls.push({ name: 'changeQueued', args });
      return (fake.answers.changeQueued ?? successes.changeQueued)(...args);
    },
    releaseQueue: (...args) => {
      calls.push({ name: 'releaseQueue', args });
      return (fake.answers.releaseQueue ?? successes.releaseQueue)(...args);
    },
    startQueued: (...args) => {
      calls.push({ name: 'startQueued', args });
      return (fake.answers.startQueued ?? successes.startQueued)(...args);
    },
    removeQueued: (...args) => {
      calls.push({ name: 'removeQueued', args });
      return (fake.answers.removeQueued ?? successes.removeQueued)(...args);
    },
    cancel: (...args) => {
      calls.push({ name: 'cancel', args });
      return (fake.answers.cancel ?? successes.cancel)(...args);
    },
    answer: (...args) => {
      calls.push({ name: 'answer', args });
      return (fake.answers.answer ?? successes.answer)(...args);
    },
    olderTurns: (...args) => {
      calls.push({ name: 'olderTurns', args });
      return (fake.answers.olderTurns ?? successes.olderTurns)(...args);
    },
    search: (...args) => {
      calls.push({ name: 'search', args });
      return (fake.answers.search ?? successes.search)(...args);
    },
    folders: (...args) => {
      calls.push({ name: 'folders', args });
      return (fake.answers.folders ?? successes.folders)(...args);
    },
    signInKind: (...args) => {
      calls.push({ name: 'signInKind', args });
      return (fake.answers.signInKind ?? successes.signInKind)(...args);
    },
    signIn: (...args) => {
      calls.push({ name: 'signIn', args });
      return (fake.answers.signIn ?? successes.signIn)(...args);
    },
    signIns: (...args) => {
      calls.push({ name: 'signIns', args });
      return (fake.answers.signIns ?? successes.signIns)(...args);
    },
    endSignIn: (...args) => {
      calls.push({ name: 'endSignIn', args });
      return (fake.answers.endSignIn ?? successes.endSignIn)(...args);
    },
    diagnostics: (...args) => {
      calls.push({ name: 'diagnostics', args });
      return (fake.answers.diagnostics ?? successes.diagnostics)(...args);
    },
    signOut: (...args) => {
      calls.push({ name: 'signOut', args });
      return (fake.answers.signOut ?? successes.signOut)(...args);
    },
  };
  return fake;
}
