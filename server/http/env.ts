/** What comes with a request beside it, and what the middleware hands to the routes. */
import type { SignIn } from '../access/sign-ins.ts';
import type { EventStream } from './event-stream.ts';

/** Who asks, and for how long that is so. */
export interface Holder {
  readonly principal: string;
  /** Null for a script with a token. */
  readonly signIn: SignIn | null;
  /** False once the sign-in has ended or the token is another: what goes on (a stream) stops then. */
  valid(): boolean;
}

export interface AppEnv {
  Bindings: Bindings;
  Variables: {
    /** Whose sessions the request may see; set by access, and by nothing else. */
    principal: string;
    holder: Holder;
  };
}

/** From a server that has the sockets; an app that is called without them works as well. */
export interface Bindings {
  /** Takes an event stream to send it itself, after the answer's head; else it becomes the answer's body. */
  takeStream?(stream: EventStream): void;
  /** Who asks: the other end of the connection. */
  address?: string;
}

/** Answers a request: the app, as servers call it. */
export type Fetch = (request: Request, bindings?: Bindings) => Response | Promise<Response>;
