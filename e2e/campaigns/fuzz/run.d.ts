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
/** @throws with the seed, the request and the answer when a rule does not hold @returns counts, for a person to see that something was done */
export declare function fuzz({
  seed,
  rounds,
  target,
}: FuzzOptions): Promise<Record<string, number>>;
