/** What a principal has, as far as answers told: names to ask for. */
interface Inside {
  add(sessionId: string, name: string): void;
  /** Any of them. */
  pick(at: number):
    | {
        sessionId: string;
        name: string;
      }
    | undefined;
}
export interface Known {
  sessions: Set<string>;
  logs: Set<string>;
  turns: Inside & {
    drop(sessionId: string): void;
  };
  requests: Inside & {
    drop(sessionId: string): void;
  };
  forget(sessionId: string): void;
}
export declare function createKnown(): Known;
export {};
