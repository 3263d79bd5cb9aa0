import { RequestError, type McpServer } from '@agentclientprotocol/sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { SOON } from './testing/recorder.ts';
import { DEADLINES } from './agent-runtime.ts';
import type { AgentSpec } from './config.ts';
import { createFakeSpawn } from './testing/fake-process.ts';
import { createHostWorld, prompt } from './testing/host-world.ts';
import { createManualTimers } from './testing/manual-timers.ts';
import {
  commands,
  createScriptedAgent,
  hang,
  send,
  text,
  type AgentScript,
  type Call,
} from './testing/scripted-agent.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

function world(script: AgentScript, spec: Partial<AgentSpec> = {}) {
  const calls: Call[] = [];
  const timers = createManualTimers();
  const { spawn, processes } = createFakeSpawn(() => createScriptedAgent(script, calls));
  const made = createHostWorld(spawn, { ...spec, timers });
  closers.push(made.host.close);
  return { ...made, calls, timers, processes, methods: () => calls.map(({ method }) => method) };
}

const refuse = (): never => {
  throw RequestError.resourceNotFound('no such session');
};

describe('starting', () => {
  test('nothing runs before the first open; then one process for all sessions', async () => {
    const { open, processes, methods } = world({});
    expect(processes).toHaveLength(0);
    await Promise.all([open(), open(), open()]);
    expect(processes).toHaveLength(1);
    expect(methods().filter((method) => method === 'initialize')).toHaveLength(1);
  });

  test('initialize offers questions by form, no files and no terminals', async () => {
    const { open, calls } = world({});
    await open();
    expect(calls[0]).toMatchObject({
      method: 'initialize',
      params: {
        protocolVersion: 1,
        clientInfo: { name: 'tabcast' },
        clientCapabilities: {
          fs: { readTextFile: false, writeTextFile: false },
          terminal: false,
          elicitation: { form: {} },
        },
      },
    });
  });

  test('one that does not answer initialize is killed: agent_start; the next open starts another', async () => {
    let silent = true;
    const { open, timers, processes } = world({
      handlers: { initialize: () => (silent ? hang() : { protocolVersion: 1 }) },
    });
    const opening = open();
    await expect.poll(() => timers.pending, SOON).toBe(1);
    timers.advance(DEADLINES.initialize);
    await expect(opening).rejects.toMatchObject({
      code: 'agent_start',
      message: expect.stringMatching(/did not answer within 30 seconds.*"fake"/),
    });
    expect(processes[0]).toMatchObject({ signals: ['SIGTERM'], stdinEnded: true });
    silent = false;
    expect((await open()).session.alive).toBe(true);
    expect(processes).toHaveLength(2);
  });

  test('an error to initialize: agent_error with its words, killed', async () => {
    const { open, processes } = world({
      handlers: {
        initialize() {
          throw RequestError.internalError({ details: 'no model is configured' });
        },
      },
    });
    await expect(open()).rejects.toMatchObject({
      code: 'agent_error',
      message: expect.stringContaining('no model is configured'),
    });
    expect(processes[0]?.signals).toEqual(['SIGTERM']);
  });

  test('another version of ACP: agent_start', async () => {
    const { open } = world({ hello: { protocolVersion: 2 } });
    await expect(open()).rejects.toMatchObject({
      code: 'agent_start',
      message: expect.stringContaining('version 2 of ACP'),
    });
  });

  test('[A3] capabilities that are not ACP count as missing', async () => {
    const hello = { agentCapabilities: 'all', authMethods: null } as object;
    const { open, methods } = world({ hello });
    expect((await open('earlier')).session.memory).toBe('lost');
    expect(methods()).toEqual(['initialize', 'session/new']);
  });
});

describe('signing in', () => {
  const authMethods = [
    { id: 'oauth', name: 'Sign in with Example' },
    { id: 'openai', name: 'Use an API key' },
  ];

  test('the configured method is used once per process, before any session', async () => {
    const { open, calls, methods } = world(
      { hello: { authMethods }, handlers: { authenticate: () => ({}) } },
      { authMethod: 'openai' },
    );
    await Promise.all([open(), open()]);
    expect(methods()).toEqual(['initialize', 'authenticate', 'session/new', 'session/new']);
    expect(calls[1]?.params).toEqual({ methodId: 'openai' });
  });

  test('auth required and none configured: agent_auth lists what the agent offers', async () => {
    let signedIn = false;
    const { open, processes } = world({
      hello: { authMethods },
      handlers: {
        'session/new'() {
          if (!signedIn) throw RequestError.authRequired();
          return { sessionId: 'fresh' };
        },
      },
    });
    await expect(open()).rejects.toMatchObject({
      code: 'agent_auth',
      message: expect.stringMatching(
        /signed in.*"oauth" \(Sign in with Example\), "openai" \(Use an API key\).*"authMethod"/,
      ),
    });
    signedIn = true;
    expect((await open()).session.alive).toBe(true);
    expect(processes).toHaveLength(2);
  });

  test('a method that is refused: agent_auth with its words and the others', async () => {
    const { open } = world(
      {
        hello: { authMethods },
        handlers: {
          authenticate() {
            throw new RequestError(-32_603, 'the key is wrong');
          },
        },
      },
      { authMethod: 'openai' },
    );
    await expect(open()).rejects.toMatchObject({
      code: 'agent_auth',
      message: expect.stringMatching(/"openai".*the key is wrong.*"oauth"/),
    });
  });

  test('auth required by a prompt: agent_auth too', async () => {
    const { open } = world({
      handlers: {
        'session/prompt'() {
          throw RequestError.authRequired();
        },
      },
    });
    const { session } = await open();
    await expect(session.prompt(prompt('hello'))).rejects.toMatchObject({ code: 'agent_auth' });
  });
});

describe('taking a session up again', () => {
  const resume = { sessionCapabilities: { resume: {} } };

  test('resume where the agent can', async () => {
    const { open, calls, methods } = world({
      hello: { agentCapabilities: { ...resume, loadSession: true } },
      handlers: { 'session/resume': () => ({}), 'session/load': () => ({}) },
    });
    expect((await open('earlier')).session).toMatchObject({
      agentSessionId: 'earlier',
      memory: 'resumed',
    });
    expect(methods()).toEqual(['initialize', 'session/resume']);
    expect(calls[1]?.params).toEqual({ sessionId: 'earlier', cwd: '/srv', mcpServers: [] });
  });

  test('load where it can only load: the replay is swallowed, what follows is not', async () => {
    const { open } = world({
      hello: { agentCapabilities: { loadSession: true } },
      handlers: {
        async 'session/load'({ client }) {
          await send(client, 'earlier', text('old question'), text('old answer'), commands('go'));
          // After the answer, in the same breath.
          queueMicrotask(() => void send(client, 'earlier', text('news')));
          return {};
        },
        async 'session/prompt'({ client }) {
          await send(client, 'earlier', text(' and an answer'));
          return { stopReason: 'end_turn' };
        },
      },
    });
    const { session, seen } = await open('earlier');
    expect(session).toMatchObject({ agentSessionId: 'earlier', memory: 'resumed' });
    await session.prompt(prompt('hello'));
    expect(seen.text()).not.toContain('old');
    expect(seen.text()).toContain(' and an answer');
    expect(seen.order).toContain('available_commands_update');
  });

  test('resume refused: load; load refused: a new session, memory lost', async () => {
    const { open, methods } = world({
      hello: { agentCapabilities: { ...resume, loadSession: true } },
      handlers: { 'session/resume': refuse, 'session/load': refuse },
    });
    expect((await open('earlier')).session).toMatchObject({
      agentSessionId: 'fresh',
      memory: 'lost',
    });
    expect(methods()).toEqual(['initialize', 'session/resume', 'session/load', 'session/new']);
  });

  test('an agent that can do neither: a new session, memory lost', async () => {
    const { open } = world({});
    expect((await open('earlier')).session.memory).toBe('lost');
  });

  test('auth required is no reason to lose the memory', async () => {
    const { open, methods } = world({
      hello: { agentCapabilities: resume },
      handlers: {
        'session/resume'() {
          throw RequestError.authRequired();
        },
      },
    });
    await expect(open('earlier')).rejects.toMatchObject({ code: 'agent_auth' });
    expect(methods()).toEqual(['initialize', 'session/resume']);
  });

  test('one that hangs is an error, not a lost memory; it is ended and the next open starts it again', async () => {
    let hangs = true;
    const { open, timers, processes, methods } = world({
      hello: { agentCapabilities: resume },
      handlers: { 'session/resume': () => (hangs ? hang() : {}) },
    });
    const opening = open('earlier');
    await expect.poll(() => methods(), SOON).toContain('session/resume');
    timers.advance(DEADLINES.session);
    await expect(opening).rejects.toMatchObject({
      code: 'agent_error',
      message: expect.stringContaining('did not take the session up again within 60 seconds'),
    });
    expect(processes[0]?.signals).toEqual(['SIGTERM']);
    hangs = false;
    expect((await open('earlier')).session.memory).toBe('resumed');
  });

  test('a second open of the same session takes it over', async () => {
    const { open } = world({
      hello: { agentCapabilities: resume },
      handlers: {
        'session/resume': () => ({}),
        async 'session/prompt'({ client }) {
          await send(client, 'earlier', text('hello'));
          return { stopReason: 'end_turn' };
        },
      },
    });
    const first = await open('earlier');
    const second = await open('earlier');
    await second.session.prompt(prompt('hi'));
    first.session.release();
    expect(first.session.alive).toBe(false);
    expect(second.session.alive).toBe(true);
    expect(first.seen.text()).toBe('');
    expect(second.seen.text()).toBe('hello');
  });
});

describe('opening', () => {
  test('updates that come before the answer are kept for the session', async () => {
    const { open } = world({
      handlers: {
        async 'session/new'({ client }) {
          await send(client, 'fresh', commands('early'));
          await send(client, 'somebody else', text('not for you'));
          return { sessionId: 'fresh' };
        },
      },
    });
    const { seen } = await open();
    expect(seen.order).toEqual(['available_commands_update']);
  });

  test('updates of sessions that nobody opened are dropped', async () => {
    const { open, lines } = world({
      handlers: {
        async 'session/prompt'({ client }) {
          await send(client, 'unknown', text('lost'));
          return { stopReason: 'end_turn' };
        },
      },
    });
    const { session, seen } = await open();
    await session.prompt(prompt('hi'));
    expect(seen.updates).toEqual([]);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'debug', message: 'agent update dropped' }),
    );
  });

  test('late updates, after the answer to the prompt, still come', async () => {
    const { open } = world({
      handlers: {
        'session/prompt'({ client }) {
          setImmediate(() => void send(client, 'fresh', text('late')));
          return { stopReason: 'end_turn' };
        },
      },
    });
    const { session, seen } = await open();
    await session.prompt(prompt('hi'));
    await seen.says('late');
  });

  test('one session that hangs does not end the process that another one uses', async () => {
    let hangs = false;
    const { open, timers, processes } = world({
      handlers: { 'session/new': () => (hangs ? hang() : { sessionId: 'fresh' }) },
    });
    const { session } = await open();
    hangs = true;
    const opening = open();
    await expect.poll(() => timers.pending, SOON).toBe(1);
    timers.advance(DEADLINES.session);
    await expect(opening).rejects.toMatchObject({ code: 'agent_error' });
    expect(session.alive).toBe(true);
    expect(processes[0]?.signals).toEqual([]);
  });

  test('[A3] an answer that is not ACP: agent_error', async () => {
    const { open } = world({ handlers: { 'session/new': () => ({ sessionId: '' }) } });
    await expect(open()).rejects.toMatchObject({
      code: 'agent_error',
      message: expect.stringContaining('session/new with something that is not ACP'),
    });
  });

  test('MCP servers of the kinds that the agent takes are passed on', async () => {
    const stdio: McpServer = { name: 'files', command: 'mcp-files', args: [], env: [] };
    const http: McpServer = { type: 'http', name: 'web', url: 'http://localhost/mcp', headers: [] };
    const sse: McpServer = { type: 'sse', name: 'old', url: 'http://localhost/sse', headers: [] };
    const { open, calls, lines } = world(
      { hello: { agentCapabilities: { mcpCapabilities: { http: true } } } },
      { mcpServers: [stdio, http, sse] },
    );
    await open();
    expect(calls.at(-1)).toMatchObject({
      method: 'session/new',
      params: { cwd: '/srv', mcpServers: [stdio, http] },
    });
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: { agent: 'fake', server: 'old' } }),
    );
  });
});
