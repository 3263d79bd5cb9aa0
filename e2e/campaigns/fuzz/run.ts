/**
 * Fuzzes the API by its own schemas over two principals, with live turns in between: never a 5xx but a documented
 * 503, never a crash, never a byte of the other one's, every error in one shape. The seed decides what is asked; what
 * the server does meanwhile it can't decide.
 */
import type { Row } from '../../../shared/row.ts';
import { openRequests, type SessionState } from '../../../shared/state.ts';
import { faultsOf, type Answer } from './answers.ts';
import { ENDPOINTS } from './endpoints.ts';
import { createKnown, type Known } from './known.ts';
import { markerOf, plansOf, PRINCIPALS, type Name, type Plan } from './plans.ts';

export interface FuzzTarget {
  /** A request of one principal. @param path with the query */
  send(
    who: number,
    path: string,
    init: {
      method: string;
      headers?: Record<string, string>;
      body?: string | Uint8Array<ArrayBuffer>;
      signal?: AbortSignal;
    },
  ): Promise<Response>;
}

export interface FuzzOptions {
  seed: number;
  rounds: number;
  target: FuzzTarget;
}

/** Requests under way at once. */
const AT_ONCE = 8;
/** A principal has no more sessions than that: beyond it, one goes for each that comes. */
const MOST_SESSIONS = 30;
/** With fewer none is deleted, or there would be no time for anything to happen in them. */
const FEWEST_SESSIONS = 10;
/** In so many requests each endpoint must have done at least once what it was asked. */
const ENOUGH = 5000;
/** How many bytes of a stream are looked at before it is left. */
const STREAM_BYTES = 4096;

/** @throws with the seed, the request and the answer when a rule does not hold @returns counts, for a person to see that something was done */
export async function fuzz({ seed, rounds, target }: FuzzOptions): Promise<Record<string, number>> {
  const known = Array.from({ length: PRINCIPALS }, createKnown);
  const counts = new Map<string, number>();
  const succeeded = new Set<string>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

  const blame = (plan: Plan, path: string, { status, text }: Answer, faults: string[]): never => {
    const body = plan.body instanceof Uint8Array ? `bytes ${plan.body.join()}` : plan.body;
    throw new Error(
      `fuzz, seed ${seed}: ${faults.join(', ')}\n${plan.mode} ${plan.method} ${path} of principal ${plan.who}` +
        `\nheaders ${JSON.stringify(plan.headers)}\nbody ${body?.slice(0, 2000)}\n${status} ${text.slice(0, 2000)}`,
    );
  };

  const one = async (plan: Plan): Promise<void> => {
    const own = known[plan.who] as Known;
    const tooMany = plan.endpoint.path === '/api/sessions' && own.sessions.size > MOST_SESSIONS;
    const method = tooMany && plan.method === 'POST' ? 'DELETE' : plan.method;
    const path =
      method === plan.method ? pathOf(plan, known) : `/api/sessions/${[...own.sessions][0]}`;
    const hasBody = method !== 'GET' && method !== 'HEAD' && plan.body !== null;
    const init = {
      method,
      headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...plan.headers },
      ...(hasBody ? { body: plan.body as string | Uint8Array<ArrayBuffer> } : {}),
    };
    const answer = await ask(target, plan, path, init);
    count(`${answer.status}`);
    count(`${plan.mode} requests`);
    const swapped = method !== plan.method;
    const faults = swapped ? [] : faultsOf(plan, method, answer);
    if (answer.status >= 500 && answer.status !== 503) faults.push('the server failed');
    faults.push(...foreignIn(plan, path, answer.text, known));
    if (faults.length > 0) blame(plan, path, answer, faults);
    if (!swapped && method === plan.endpoint.method && answer.status < 300) {
      succeeded.add(`${plan.endpoint.method} ${plan.endpoint.path}`);
    }
    learn(own, method, path, answer);
  };

  for (const who of known.keys()) {
    for (let n = 0; n < FEWEST_SESSIONS; n += 1)
      await createSession(target, who, known[who] as Known);
  }
  const plans = plansOf(seed, rounds);
  const worker = async (): Promise<void> => {
    for (const plan of plans) {
      await one(plan);
      // Requests that wait are found in the rows and states that go by; now and then they are looked for.
      if (plan.id.pick % 15 === 0) await lookAround(target, plan.who, known[plan.who] as Known);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));

  const never = ENDPOINTS.filter(({ success }) => success.length > 0)
    .map(({ method, path }) => `${method} ${path}`)
    .filter((name) => !succeeded.has(name));
  if (rounds >= ENOUGH && never.length > 0) {
    throw new Error(`fuzz, seed ${seed}: never answered well: ${never.join('; ')}`);
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => a.localeCompare(b)));
}

async function ask(
  target: FuzzTarget,
  { who, endpoint }: Plan,
  path: string,
  init: Parameters<FuzzTarget['send']>[2],
): Promise<Answer> {
  const leave = new AbortController();
  const response = await target.send(who, path, { ...init, signal: leave.signal });
  const { status, headers } = response;
  const streams = headers.get('content-type')?.startsWith('text/event-stream') === true;
  const text = streams ? await beginning(response) : await response.text();
  if (streams) leave.abort();
  if (streams && endpoint.stream !== true) throw new Error(`${path} answers with a stream`);
  return { status, headers, text };
}

async function beginning({ body }: Response): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < STREAM_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    // The first frames are there; for more one would have to wait.
    if (text.endsWith('\n\n')) break;
  }
  await reader.cancel();
  return text;
}

async function createSession(target: FuzzTarget, who: number, known: Known): Promise<void> {
  const response = await target.send(who, '/api/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: `${markerOf(who)} title` }),
  });
  known.sessions.add(((await response.json()) as Row).id);
}

async function lookAround(target: FuzzTarget, who: number, known: Known): Promise<void> {
  const response = await target.send(who, '/api/sessions', { method: 'GET' });
  const { sessions } = (await response.json()) as { sessions: Row[] };
  known.sessions.clear();
  for (const row of sessions) learnRow(known, row);
  for (const { id } of sessions.filter(({ queued }) => queued > 0).slice(0, 4)) {
    const view = await target.send(who, `/api/sessions/${id}`, { method: 'GET' });
    const answer = { status: view.status, headers: view.headers, text: await view.text() };
    learn(known, 'GET', `/api/sessions/${id}`, answer);
  }
}

function learn(known: Known, method: string, path: string, { status, text }: Answer): void {
  const [, , , sessionId = '', what, turnId] = (path.split('?')[0] ?? '').split('/');
  if (status >= 300 || !text.startsWith('{') || !path.startsWith('/api/sessions')) return;
  if (method === 'DELETE' && what === undefined) known.forget(sessionId);
  if (method === 'POST' && path === '/api/sessions') learnRow(known, JSON.parse(text) as Row);
  if (method === 'POST' && what === 'turns' && turnId === undefined) {
    known.turns.add(sessionId, (JSON.parse(text) as { turnId: string }).turnId);
  }
  if (method === 'GET' && sessionId !== '' && what === undefined) {
    const { row, state } = JSON.parse(text) as { row: Row; state: SessionState };
    learnRow(known, row);
    for (const { requestId } of openRequests(state)) known.requests.add(row.id, requestId);
    known.queued.drop(row.id);
    known.held.drop(row.id);
    for (const { turnId } of state.queue) {
      known.queued.add(row.id, turnId);
      if (row.status === 'idle') known.held.add(row.id, turnId);
    }
  }
}

function learnRow(known: Known, row: Row): void {
  known.sessions.add(row.id);
  known.logs.add(row.logId);
  if (row.activeTurnId !== null) known.turns.add(row.id, row.activeTurnId);
  for (const { requestId } of row.asks) known.requests.add(row.id, requestId);
}

function pathOf(plan: Plan, known: readonly Known[]): string {
  const { endpoint, who } = plan;
  const own = known[who] as Known;
  const other = known[(who + 1) % known.length] as Known;
  const sessions = [...own.sessions];
  const keeps = endpoint.method === 'DELETE' && sessions.length <= FEWEST_SESSIONS;
  const ownId = (keeps ? undefined : sessions[plan.id.pick % sessions.length]) ?? 'none';
  const id = nameOf(plan.id, ownId, [...other.sessions][plan.id.pick % other.sessions.size]);
  const parts: Record<string, string> = { id };
  const starts = endpoint.path.endsWith('/start') && own.held.pick(0) !== undefined;
  const turns = starts ? 'held' : endpoint.method === 'PATCH' ? 'queued' : 'turns';
  for (const [name, from] of [
    ['turnId', turns],
    ['requestId', 'requests'],
  ] as const) {
    if (!endpoint.path.includes(`:${name}`)) continue;
    const mine = own[from].pick(plan.inner.pick);
    const foreign = other[from].pick(plan.inner.pick);
    parts[name] = nameOf(plan.inner, mine?.name ?? 'none', foreign?.name);
    // What is inside a session is asked for in that session, mostly.
    if (plan.id.kind === 'own' && plan.inner.kind === 'own' && mine !== undefined) {
      parts['id'] = mine.sessionId;
    }
  }
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => parts[name] ?? '');
  const query = [...plan.query];
  if (endpoint.path === '/api/events') {
    for (const one of [...sessions.slice(0, 3), ...[...other.sessions].slice(0, 2), id]) {
      query.push(['session', plan.mode === 'valid' ? one : `${one}@${plan.inner.text}`]);
    }
  }
  const encoded = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return encoded === '' ? path : `${path}?${encoded}`;
}

function nameOf({ kind, text }: Name, own: string, foreign: string | undefined): string {
  if (kind === 'own') return own;
  if (kind === 'foreign' && foreign !== undefined) return foreign;
  // '.' and '..' would be taken away by whoever reads the address.
  return /^\.+$/.test(text) ? '%2e' : encode(text);
}

const encode = (text: string): string =>
  encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd'));

/** Of the other principals: their marker, and names that this request did not say itself. */
function foreignIn(plan: Plan, path: string, text: string, known: readonly Known[]): string[] {
  const asked = `${path} ${typeof plan.body === 'string' ? plan.body : ''}`;
  return known.flatMap((other, who) => {
    if (who === plan.who) return [];
    const secrets = [markerOf(who), ...other.logs, ...other.sessions];
    return secrets
      .filter((secret) => text.includes(secret) && !asked.includes(secret))
      .map((secret) => `a foreign byte: ${secret}`);
  });
}
