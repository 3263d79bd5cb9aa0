import { type Endpoint } from './endpoints.ts';
export type Mode = 'valid' | 'faulty' | 'hostile';
/** Whose name stands in the path: an own one, another principal's, or one that nobody has. */
export type NameKind = 'own' | 'foreign' | 'none';
export interface Name {
  kind: NameKind;
  /** Which of them. */
  pick: number;
  /** For `none`. */
  text: string;
}
export interface Plan {
  endpoint: Endpoint;
  mode: Mode;
  /** Index of the principal. */
  who: number;
  id: Name;
  inner: Name;
  query: readonly (readonly [string, string])[];
  /** The body as it is sent; null: none. */
  body: string | Uint8Array | null;
  headers: Readonly<Record<string, string>>;
  /** In place of the endpoint's method. */
  method: string;
}
/** In every text that a principal writes. */
export declare const markerOf: (who: number) => string;
export declare const PRINCIPALS: 2;
/** The same plans for the same seed. */
export declare function plansOf(seed: number, count: number): Generator<Plan>;
