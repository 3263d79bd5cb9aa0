/** What the middleware hands to the routes. */
import type { SignIn } from '../access/sign-ins.ts';

/** Who asks, and for how long that is so. */
export interface Holder {
  readonly principal: string;
  /** Null for a script with a token. */
  readonly signIn: SignIn | null;
  /** False once the sign-in has ended or the token is another: what goes on (a stream) stops then. */
  valid(): boolean;
}

export interface AppEnv {
  Variables: {
    /** Whose sessions the request may see; set by access, and by nothing else. */
    principal: string;
    holder: Holder;
  };
}
