/** What comes with a request beside it, and what the middleware hands to the routes. */
import type { EventStream } from './event-stream.ts';

export interface AppEnv {
  Bindings: Bindings;
  Variables: {
    /** Whose sessions the request may see; set by access, and by nothing else. */
    principal: string;
  };
}

/** From a server that has the sockets; an app that is called without them works as well. */
export interface Bindings {
  /** Takes an event stream to send it itself, after the answer's head; else it becomes the answer's body. */
  takeStream?(stream: EventStream): void;
}

/** Answers a request: the app, as servers call it. */
export type Fetch = (request: Request, bindings?: Bindings) => Response | Promise<Response>;
