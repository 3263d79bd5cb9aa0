/** Errors as they cross a boundary: HTTP body, Comlink result, banner on the page. */

export type ErrorCode =
  | 'bad_request'
  /** Nobody is signed in, or it ran out. */
  | 'unauthorized'
  /** The sign-in was ended on purpose: nothing of it may stay in view. */
  | 'signed_out'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'already_answered'
  | 'too_large'
  | 'too_many'
  | 'unavailable'
  | 'internal'
  /** Not from the server: it could not be reached. */
  | 'network'
  /** Not from the server: the hub did not answer in time. */
  | 'timeout';

export interface ApiError {
  code: ErrorCode;
  /** For a person: what happened and what to do. */
  message: string;
}

export interface ErrorBody {
  error: ApiError;
}

/** Comlink loses an error's code, so results that cross it are values. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: ApiError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: ErrorCode, message: string): Result<never> => ({
  ok: false,
  error: { code, message },
});

/** For the `default` of a switch over a union: a new member does not compile until it is decided. */
export function unreachable(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}
