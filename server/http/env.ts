/** What the middleware hands to the routes. */
export interface AppEnv {
  Variables: {
    /** Whose sessions the request may see; set by access, and by nothing else. */
    principal: string;
  };
}
