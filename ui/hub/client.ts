/**
 * The tab's side of the hub: which attachment there is, the next one when it is lost, commands with deadlines.
 * It folds nothing and keeps nothing of a session; what arrives goes to the sink.
 */
import { fail, type ApiError } from '../../shared/errors.ts';
import {
  HUB_PROTOCOL,
  type Aside,
  type Batch,
  type Commands,
  type HubHello,
} from '../../shared/hub-api.ts';
import type { HubSnapshot } from '../../shared/hub-snapshot.ts';
import { explain, createAttachment, type Attachment, type AttachmentDeps } from './attachment.ts';
import { createCommands } from './commands.ts';
import type { Place } from './connect.ts';
import { NoAnswer } from './deadlines.ts';
import type { Generations } from './generation.ts';
import { createImpatience } from './impatience.ts';
import { countFailure, IN_PAGE, rungOf } from './ladder.ts';
import { ASK_MS, HELLO_MS, retryDelay, type Link } from './link.ts';
import { createSilence, type Question } from './silence.ts';
import type { HubSink } from './sink.ts';
import { createWaiting } from './waiting.ts';

export interface HubClientDeps extends AttachmentDeps {
  generations: Generations;
  /** Whether somebody may be looking at the page. */
  visible(): boolean;
  sink: HubSink;
}

export interface HubClient {
  /** Values, never rejections. A command waits for the tab to be attached. */
  readonly commands: Commands;
  start(): void;
  /** The sink's watch changed: tells the hub. */
  rewatch(): void;
  /** Tells the hub; nothing when there is none: it will hear what still matters from `about`. */
  say(aside: Aside): void;
  /** Connect now: to the hub when it is not there, else the hub to the server. */
  retry(): void;
  /** How the hub does; null when there is none, or it does not answer in time. Nothing is asked of a page at rest (T1). */
  inspect(): Promise<HubSnapshot | null>;
  /** The page is looked at: asks a hub that was not heard just now; one that does not answer is replaced (T4). */
  probe(): void;
  /** Detaches by message and closes both ports, so that the page may enter the back/forward cache (T1). */
  suspend(): void;
  /** Attaches again after `suspend`, at the cursor that the sink's watch holds. */
  resume(): void;
  /** For good; twice is fine. Leaves no timer and no port. */
  close(): void;
}

/** @returns a client that does nothing before `start` */
export function createHubClient(deps: HubClientDeps): HubClient {
  const { sink, timers, tabId, generations } = deps;
  let link: Link = { state: 'suspended' };
  let current: Attachment | null = null;
  let retryTimer: number | null = null;
  /** Up the ladder, in a row. */
  let failures = 0;
  let lastGeneration = 0;
  let attachments = 0;
  /** The directory version belongs to one hub; another hub counts its own. */
  let directory = { hubId: '', version: 0 };
  const attaching = createWaiting<Attachment>(timers);

  const setLink = (next: Link) => {
    link = next;
    sink.onLink(next);
  };

  const drop = () => {
    const before = current;
    current = null;
    silence.stop();
    impatience.stop();
    if (retryTimer !== null) timers.clearTimeout(retryTimer);
    retryTimer = null;
    before?.close();
  };

  const lost = (attachment: Attachment, error: ApiError) => {
    if (attachment !== current) return;
    const { attachedAt } = attachment;
    failures = countFailure(failures, attachedAt === null ? null : timers.now() - attachedAt);
    drop();
    if (rungOf(failures) === 'none') {
      setLink({ state: 'failed', error });
      return;
    }
    setLink({ state: 'waiting', attempt: failures, error });
    retryTimer = timers.setTimeout(open, retryDelay(failures));
  };

  const placeOf = (): Place => {
    const generation = generations.current();
    switch (rungOf(failures)) {
      case 'worker':
        return { kind: 'worker', generation };
      case 'next-worker':
        return { kind: 'worker', generation: generations.after(lastGeneration) };
      case 'page':
      case 'none':
        return { kind: 'page' };
    }
  };

  const open = () => {
    drop();
    const place = placeOf();
    if (place.kind === 'worker') lastGeneration = place.generation;
    attachments += 1;
    const attachment = createAttachment(deps, attachments, place, {
      onHello,
      onAttached(hub, inPage) {
        setLink({ state: 'attached', hub, inPage });
        // A hub in the page is there as long as the page is.
        if (!inPage) silence.start();
        attaching.tell(attachment);
      },
      onBatch,
      onOtherHub: open,
      onLost: (error) => lost(attachment, error),
    });
    current = attachment;
    setLink({ state: 'connecting', attempt: failures + 1 });
    attachment.open();
  };

  const onHello = (hub: HubHello, inPage: boolean): number | null => {
    if (hub.protocol !== HUB_PROTOCOL) {
      if (inPage) {
        drop();
        setLink({ state: 'outdated', hub });
      } else {
        failures = IN_PAGE;
        open();
      }
      return null;
    }
    // The same hub as before: it was slow, not gone.
    if (directory.hubId === hub.hubId) failures = inPage ? Math.min(failures, IN_PAGE) : 0;
    else directory = { hubId: hub.hubId, version: 0 };
    return directory.version;
  };

  const onBatch = (batch: Batch) => {
    if (batch.principal !== undefined) sink.onPrincipal(batch.principal);
    if (batch.serverBuild !== undefined) sink.onServerBuild(batch.serverBuild);
    if (batch.connection !== undefined) {
      impatience.onConnection(batch.connection);
      sink.onConnection(batch.connection);
    }
    if (batch.directory !== undefined) {
      sink.onDirectory(batch.directory);
      directory.version = batch.directory.version;
    }
    if (batch.pane !== undefined) sink.onPane(batch.pane);
    if (batch.alerts !== undefined) sink.onAlerts(batch.alerts);
    // What it may ask goes before the ack: the hub's next batch is then for the watch that the question names.
    silence.heard();
  };

  /**
   * Tells the hub what to see. When it does not know this tab any more (its lease ran out), the tab attaches again
   * where it stands: the page shows no difference.
   */
  const sendWatch = (attachment: Attachment, ms: number) => {
    const told = async () => {
      const known = await attachment.call(ms, (api) =>
        api.watch(tabId, attachment.number, sink.watch()),
      );
      if (attachment !== current) return;
      if (!known) await attachment.subscribe(directory.version);
      if (attachment === current) silence.answered();
    };
    told().catch((error: unknown) => lost(attachment, explain(error)));
  };

  const sendHello = (attachment: Attachment) => {
    attachment
      .call(ASK_MS, (api) => api.hello({ protocol: HUB_PROTOCOL, build: deps.build }))
      .then(
        () => {
          if (attachment === current) silence.answered();
        },
        (error: unknown) => lost(attachment, explain(error)),
      );
  };

  const silence = createSilence({
    timers,
    visible: deps.visible,
    ask(question: Question) {
      if (current === null) return;
      const { place } = current;
      // Other tabs gave up this worker: with them there is one hub, not two (H1).
      if (place.kind === 'worker' && place.generation < generations.current()) {
        current.detach();
        open();
      } else if (question === 'alive') {
        sendHello(current);
      } else {
        sendWatch(current, ASK_MS);
      }
    },
  });

  const impatience = createImpatience({
    timers,
    visible: deps.visible,
    tell() {
      // Whether the hub is there at all is asked by `silence`.
      current?.call(HELLO_MS, (api) => api.look()).catch(() => {});
    },
  });

  const whenAttached = (ms: number): Promise<Attachment | null> =>
    link.state === 'closed' ? Promise.resolve(null) : attaching.wait(ms);

  const commands = createCommands({
    async call(ms, invoke) {
      // At once when it can be: the page may be about to go, and then this is its last word.
      const attachment = link.state === 'attached' ? current : await whenAttached(ms);
      if (attachment === null) {
        return fail('unavailable', 'The hub does not answer, so nothing was sent. Try again.');
      }
      try {
        return await attachment.call(ms, invoke);
      } catch (error) {
        if (error instanceof NoAnswer) {
          return fail('timeout', 'No answer came, so it may or may not have happened.');
        }
        return fail('internal', `The hub failed: ${explain(error).message}`);
      }
    },
  });

  return {
    commands,
    start() {
      if (link.state === 'suspended') open();
    },
    rewatch() {
      // Before that, attaching will read the watch itself.
      if (current !== null && current.watching) sendWatch(current, HELLO_MS);
    },
    say(aside) {
      current?.say(aside);
    },
    retry() {
      if (link.state === 'closed' || link.state === 'suspended') return;
      if (link.state !== 'attached' || current === null) {
        failures = 0;
        open();
        return;
      }
      const attachment = current;
      attachment
        .call(HELLO_MS, (api) => api.retry())
        .catch((error: unknown) => lost(attachment, explain(error)));
    },
    async inspect() {
      const attachment = current;
      if (link.state !== 'attached' || attachment === null) return null;
      try {
        return await attachment.call(ASK_MS, (api) => api.inspect(tabId, attachment.number));
      } catch {
        // Whether it is there at all is asked by `silence`.
        return null;
      }
    },
    probe() {
      silence.look();
      impatience.look();
    },
    suspend() {
      if (link.state === 'closed') return;
      current?.detach();
      drop();
      setLink({ state: 'suspended' });
    },
    resume() {
      if (link.state !== 'suspended') return;
      failures = Math.min(failures, IN_PAGE);
      open();
    },
    close() {
      if (link.state === 'closed') return;
      current?.detach();
      drop();
      setLink({ state: 'closed' });
      attaching.tell(null);
    },
  };
}
