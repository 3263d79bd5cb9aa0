/** One step of a hub's life, taken. */
import { unreachable } from '../../shared/errors.ts';
import { jsonResponse } from './fake-fetch.ts';
import type { FakeStream } from './fake-streams.ts';
import type { FakeTab } from './fake-tab.ts';
import { AT_FIRST, type Name, type Step } from './walk-steps.ts';
import type { World } from './world.ts';

/** What happened, over many lives. */
export type Tally = Record<
  | Step['do']
  | 'steps'
  | 'behind'
  | 'lease'
  | 'orphaned'
  | 'skipped'
  | 'repeated'
  | 'resynced'
  | 'replayed'
  | 'refused'
  | 'limited'
  | 'told'
  | 'looked'
  | 'cut'
  | 'slow'
  | 'stale'
  | 'overtaken'
  | 'unanswered',
  number
>;

export function createTally(): Tally {
  // Counts whatever is named, from 0.
  return new Proxy<Tally>({} as Tally, {
    get: (counts, name: keyof Tally) => counts[name] ?? 0,
  });
}

/** A prompt that a person sent. */
export interface Sent {
  readonly key: string;
  readonly session: string;
  /** The turn, once the hub said which; `open`: no answer yet; `unknown`: it may or may not have happened. */
  outcome: 'open' | 'unknown' | 'refused' | { turnId: string };
}

/** A life on its way. */
export interface Life {
  world: World;
  tally: Tally;
  /** Tabs that somebody still looks at. */
  live: FakeTab[];
  /** Of those, the ones in the back/forward cache. */
  cached: Set<FakeTab>;
  made: Set<Name>;
  /** Prompts of persons, by key. */
  sent: Sent[];
  rotations: number;
  /** Open when the clock jumped last, by more than the silence that a stream is allowed. */
  distrusted: readonly FakeStream[];
  /** As the clock's `elapsed`. */
  jumpedAt: number;
}

/** @returns false when it made no sense then */
export async function take(life: Life, step: Step): Promise<boolean> {
  const { world, live, cached, made } = life;
  const { server, clock, hub } = world;
  const onTab = async (index: number, act: (tab: FakeTab) => unknown): Promise<boolean> => {
    const awake = live.filter((tab) => !cached.has(tab));
    const tab = awake[index % Math.max(awake.length, 1)];
    if (tab === undefined) return false;
    await act(tab);
    return true;
  };
  const onStream = (index: number, act: (stream: FakeStream) => void): boolean => {
    const streams = server.streams();
    const stream = streams[index % Math.max(streams.length, 1)];
    if (stream === undefined) return false;
    act(stream);
    return true;
  };
  const leave = (tab: FakeTab): void => {
    live.splice(live.indexOf(tab), 1);
  };
  switch (step.do) {
    case 'open':
      live.push(await world.open(step.session));
      return true;
    case 'create':
      if (AT_FIRST.includes(step.session) || made.has(step.session)) return false;
      made.add(step.session);
      server.create(step.session);
      return true;
    case 'prompt':
    case 'say':
    case 'end':
    case 'cancel':
    case 'skip':
    case 'burst':
    case 'remove':
      return speak(world, step.do, step.session);
    case 'rotate':
      if (!server.has(step.session)) return false;
      life.rotations += 1;
      server.rotate(step.session, `${step.session}-${life.rotations}`);
      return true;
    case 'replace':
      if (!server.has(step.session)) return false;
      // A server that lost its data was down.
      server.dropAll();
      server.replace(step.session);
      return true;
    case 'send':
      return onTab(step.n, () => {
        if (!server.has(step.session) || server.row(step.session).queued > 3) return;
        const { id } = server.row(step.session);
        life.sent.push({ key: `key-${life.sent.length}`, session: id, outcome: 'unknown' });
        send(life, life.sent.at(-1));
      });
    case 'send again': {
      const unknown = life.sent.find(({ outcome }) => outcome === 'unknown');
      send(life, unknown);
      return unknown !== undefined;
    }
    case 'show':
      return onTab(step.n, async (tab) => {
        const { session } = step;
        // By the id of now, or by one of earlier: both are good (O9).
        const canonical = session !== null && server.has(session) && step.n % 2 === 0;
        await tab.show(canonical ? server.row(session).id : session);
        await notice(life, tab);
      });
    case 'close':
      return onTab(step.n, async (tab) => {
        leave(tab);
        await tab.suspend();
      });
    case 'vanish':
      return onTab(step.n, (tab) => {
        leave(tab);
        tab.frozen = true;
      });
    case 'reload':
      return onTab(step.n, async (tab) => {
        tab.frozen = false;
        await tab.reload();
      });
    case 'again':
      return onTab(step.n, (tab) => tab.attach());
    case 'freeze':
      return onTab(step.n, (tab) => {
        tab.frozen = true;
      });
    case 'thaw':
      return onTab(step.n, (tab) => thaw(life, tab));
    case 'throw':
      return onTab(step.n, (tab) => {
        tab.port.broken = true;
      });
    case 'babble':
      return onTab(step.n, (tab) => tab.babble());
    case 'cache':
      return onTab(step.n, async (tab) => {
        await tab.suspend();
        cached.add(tab);
      });
    case 'cache late':
      return onTab(step.n, (tab) => {
        tab.suspendLate();
        cached.add(tab);
      });
    case 'arrive': {
      const speaking = live.filter(({ late }) => late.length > 0);
      const tab = speaking[step.n % Math.max(speaking.length, 1)];
      if (tab === undefined) return false;
      if (!cached.has(tab)) life.tally.overtaken += 1;
      await tab.arrive();
      return true;
    }
    case 'restore': {
      const tab = [...cached][step.n % Math.max(cached.size, 1)];
      if (tab === undefined) return false;
      await restore(life, tab);
      return true;
    }
    case 'drop':
      return onStream(step.n, (stream) => stream.drop());
    case 'drain':
      return onStream(step.n, (stream) => stream.end());
    case 'half-open':
      return onStream(step.n, (stream) => stream.mute());
    case 'repeat':
      return onStream(step.n, (stream) => {
        for (const logId of stream.logIds) stream.repeat(logId, 3);
      });
    case 'fault': {
      const { fault } = step;
      server.fault = () => {
        if (fault === 'fail' || fault === 'hang' || fault === 'cut' || fault === 'slow')
          return fault;
        if (fault === 'html') {
          return new Response('<html>', { headers: { 'content-type': 'text/html' } });
        }
        if (fault === '204') return new Response(null, { status: 204 });
        return jsonResponse(Number(fault), {}, { 'retry-after': String(step.seconds) });
      };
      return true;
    }
    case 'heal':
      server.fault = null;
      return true;
    case 'hold lane':
      server.hold('lane');
      return true;
    case 'hold own':
      server.hold('own');
      return true;
    case 'release':
      server.release();
      return true;
    case 'drop all':
      server.dropAll();
      return true;
    case 'retry':
      server.floors.lift();
      await hub.api.retry();
      return true;
    case 'sign out':
      server.signedIn = false;
      server.dropAll();
      return true;
    case 'sign in':
      server.signedIn = true;
      server.floors.lift();
      await hub.api.retry();
      return true;
    case 'kill':
      world.kill();
      server.floors.lift();
      for (const sent of life.sent) if (sent.outcome === 'open') sent.outcome = 'unknown';
      // Some are looked at and notice soon; the others when time passes.
      for (const [index, tab] of live.entries()) if (index % 2 === 0) await notice(life, tab);
      return true;
    case 'advance':
      // A silent hub is noticed within seconds of being looked at (T4).
      if (step.ms >= 5_000) for (const tab of live) await notice(life, tab);
      await clock.advance(step.ms);
      return true;
    case 'protocol':
      world.speak(step.protocol);
      return true;
    case 'jump':
      // Two jumps with no time between may come to nothing.
      life.distrusted =
        Math.abs(step.ms) >= 40_000 && clock.elapsed - life.jumpedAt > 5_000
          ? server.streams()
          : [];
      life.jumpedAt = clock.elapsed;
      clock.jump(step.ms);
      return true;
    default:
      return unreachable(step);
  }
}

/** @returns false when it made no sense */
function speak(
  { server }: World,
  what: 'prompt' | 'say' | 'end' | 'cancel' | 'skip' | 'burst' | 'remove',
  name: Name,
): boolean {
  if (!server.has(name)) return false;
  if (what === 'prompt') {
    if (server.row(name).queued > 3) return false;
    server.prompt(name);
    return true;
  }
  if (what === 'remove') {
    server.remove(name);
    return true;
  }
  if (server.state(name).live === null) return false;
  if (what === 'end' || what === 'cancel') {
    server.end(name, what === 'end' ? 'end_turn' : 'cancelled');
    return true;
  }
  if (what === 'skip') server.skipNext(name);
  const times = what === 'say' ? 1 : what === 'skip' ? 2 : 60;
  for (let count = 0; count < times; count += 1) server.say(name, `${count} `);
  return true;
}

/** A person sends a prompt, once more when nobody knows what became of it (L9). */
function send({ world, tally }: Life, sent: Sent | undefined): void {
  if (sent === undefined) return;
  const { hub } = world;
  sent.outcome = 'open';
  const answer = hub.api.prompt(sent.session, { prompt: 'please', key: sent.key });
  void answer.then((result) => {
    // Its worker died: nobody is there to hear it.
    if (world.hub !== hub) return;
    if (result.ok) sent.outcome = result.value;
    else if (result.error.code === 'not_found') sent.outcome = 'refused';
    else {
      sent.outcome = 'unknown';
      tally.unanswered += 1;
    }
  });
}

/** A page that runs finds out that its hub is another one, or does not know it (T4). */
export async function notice(life: Life, tab: FakeTab): Promise<void> {
  if (tab.frozen || life.cached.has(tab)) return;
  const { hubId } = life.world.hub.inspect();
  if (tab.hubId !== hubId) life.tally.orphaned += 1;
  else if (tab.port.closed) life.tally.lease += 1;
  else return;
  await tab.attach();
}

/** It runs again, and is looked at. */
export async function thaw(life: Life, tab: FakeTab): Promise<void> {
  tab.frozen = false;
  tab.pump();
  await notice(life, tab);
  if (tab.port.broken) await tab.attach();
}

/** Out of the back/forward cache, at its own cursor (T1). */
export async function restore(life: Life, tab: FakeTab): Promise<void> {
  life.cached.delete(tab);
  tab.frozen = false;
  await tab.attach();
}
