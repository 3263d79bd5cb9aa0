/** Every address of the API with the schemas of what it takes: what the fuzz makes its requests from. */
import type { z } from 'zod';
export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export interface Endpoint {
  method: Method;
  /** With `:id`, `:turnId`, `:requestId`. */
  path: string;
  body?: z.ZodType;
  query?: z.ZodType;
  /** What it answers when it did what it was asked. */
  success: readonly number[];
  /** It answers with a stream that does not end by itself. */
  stream?: true;
  /** It is about signing in: without what a person knows it succeeds never, and it may set cookies. */
  signsIn?: true;
}
export declare const ENDPOINTS: readonly Endpoint[];
