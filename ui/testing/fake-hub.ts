/** A hub over real message ports and Comlink, that does what a test says and records what a tab does. */
import { expose } from 'comlink';
import {
  HUB_PROTOCOL,
  type Ack,
  type Attach,
  type Batch,
  type DeliveryPort,
  type Hello,
  type HubApi,
  type Watch,
} from '../../shared/hub-api.ts';
import type { HubSnapshot } from '../../shared/hub-snapshot.ts';
import type { ConnectHub, Place } from '../hub/connect.ts';
import { createFakeCommands, type FakeCommands } from './fake-commands.ts';

/** `silent`: it answers nothing. `broken`: its script does not load. `old`: it speaks another protocol. */
type Mood = 'well' | 'silent' | 'broken' | 'old';

export interface FakeHub {
  /** Given to the client. */
  readonly connect: ConnectHub;
  readonly commands: FakeCommands;
  readonly hellos: Hello[];
  readonly attaches: Attach[];
  readonly watches: (Watch | null)[];
  readonly detached: string[];
  readonly acks: number[];
  retries: number;
  /** How often it was told that somebody looks. */
  looks: number;
  /** Which attachment of which tab asked how it does, and what it answers. */
  readonly inspections: [tabId: string, attachment: number][];
  snapshot: HubSnapshot | null;
  /** Connections made, and those of them that the tab closed. */
  connections: number;
  closed: number;
  /** A new one is a new hub: it knows no tab. */
  hubId: string;
  protocol: number;
  mood: Mood;
  /** Where it was looked for, in order. */
  readonly places: Place[];
  /** The mood of the hub at a place; `mood` unless a test says otherwise. */
  moodAt(place: Place): Mood;
  /** Whether `watch` and `retry` find the tab. */
  knowsTab: boolean;
  /** `attach` is never answered. */
  attachHangs: boolean;
  /** A batch to the tab that attached last. @returns its number */
  send(content: Omit<Batch, 'n' | 'hubId'>, hubId?: string): number;
  /** As a worker dies with the tab that made it: its ports are silent, and nobody is told. The next one is another. */
  die(): void;
  close(): void;
}

export function createFakeHub(): FakeHub {
  const ports: MessagePort[] = [];
  let deliveries: DeliveryPort | null = null;
  let sent = 0;

  const api = (mood: Mood): HubApi => ({
    ...hub.commands,
    async hello(tab) {
      hub.hellos.push(tab);
      return { protocol: mood === 'old' ? 99 : hub.protocol, build: 'hub-build', hubId: hub.hubId };
    },
    async attach(attach, port) {
      hub.attaches.push(attach);
      deliveries = port;
      port.onmessage = ({ data }) => hub.acks.push((data as Ack).ack);
      if (hub.attachHangs) await new Promise(() => {});
    },
    async watch(_tabId, _attachment, watch) {
      hub.watches.push(watch);
      return hub.knowsTab;
    },
    async detach(tabId) {
      hub.detached.push(tabId);
    },
    async look() {
      hub.looks += 1;
    },
    async retry() {
      hub.retries += 1;
    },
    async inspect(tabId, attachment) {
      hub.inspections.push([tabId, attachment]);
      return hub.snapshot;
    },
  });

  const hub: FakeHub = {
    commands: createFakeCommands(),
    hellos: [],
    attaches: [],
    watches: [],
    detached: [],
    acks: [],
    retries: 0,
    looks: 0,
    inspections: [],
    snapshot: null,
    connections: 0,
    closed: 0,
    hubId: 'hub-1',
    protocol: HUB_PROTOCOL,
    mood: 'well',
    places: [],
    moodAt: () => hub.mood,
    knowsTab: true,
    attachHangs: false,
    async connect(place, onError) {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1, port2);
      hub.connections += 1;
      hub.places.push(place);
      const mood = hub.moodAt(place);
      if (mood === 'well' || mood === 'old') expose(api(mood), port1);
      if (mood === 'broken') onError('its script could not be loaded');
      let open = true;
      return {
        port: port2,
        inPage: place.kind === 'page',
        close() {
          if (open) hub.closed += 1;
          open = false;
          port2.close();
        },
      };
    },
    send(content, hubId = hub.hubId) {
      if (deliveries === null) throw new Error('no tab is attached');
      sent += 1;
      deliveries.postMessage({ ...content, hubId, n: sent });
      return sent;
    },
    die() {
      for (const port of ports) port.close();
      deliveries?.close();
      deliveries = null;
      sent = 0;
      hub.hubId = `${hub.hubId}+`;
    },
    close() {
      deliveries?.close();
      for (const port of ports) port.close();
    },
  };
  return hub;
}
