/** Where deliveries go. */
import type { AlertOffer } from '../../shared/alerts.ts';
import type { DirectoryDelta } from '../../shared/directory.ts';
import type { Attach, Connection, PaneDelta, Watch } from '../../shared/hub-api.ts';
import type { Link } from './link.ts';

/** Called in the order the hub sent them; the ack follows when the call returns. */
export interface HubSink {
  onLink(link: Link): void;
  onConnection(connection: Connection): void;
  /** Whose rows and panes come from now on; first of all that comes with it. */
  onPrincipal(principal: string): void;
  onDirectory(delta: DirectoryDelta): void;
  onPane(delta: PaneDelta): void;
  /** After the directory that came with them. */
  onAlerts(offers: readonly AlertOffer[]): void;
  /** What a hub is told of this tab when it attaches. */
  about(): Pick<Attach, 'principal' | 'presence' | 'known'>;
  /** The build that the server runs, as the hub last heard. */
  onServerBuild(build: string): void;
  /** What the tab wants to see from now on, with a new `watchId` each time: deliveries for earlier ones are stale. */
  watch(): Watch | null;
}
