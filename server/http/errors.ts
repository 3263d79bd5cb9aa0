/** Every error of the API has one shape, `{error: {code, message}}` (A3), whoever raised it. */
import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ErrorBody, ErrorCode } from '../../shared/errors.ts';
import type { Logger } from '../log.ts';
import { ServiceError } from '../sessions/service.ts';
import type { AppEnv } from './env.ts';

type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 429 | 500 | 503;

const STATUS: Record<ErrorCode, ErrorStatus> = {
  bad_request: 400,
  unauthorized: 401,
  signed_out: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  already_answered: 409,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
  internal: 500,
  // These two are the client's own words for not having reached a server.
  network: 500,
  timeout: 500,
};

export function errorBody(code: ErrorCode, message: string): ErrorBody {
  return { error: { code, message } };
}

/** The answer for an error code, with the status that belongs to it. */
export function errorResponse(c: Context, code: ErrorCode, message: string): Response {
  return c.json(errorBody(code, message), STATUS[code]);
}

/**
 * For `app.onError`: errors that were meant for the person keep their words; all others are logged with
 * their stack and answered as `internal`, with nothing of them in the answer.
 */
export function createErrorHandler(log: Logger): ErrorHandler<AppEnv> {
  return (error, c) => {
    if (error instanceof ServiceError) return errorResponse(c, error.code, error.message);
    if (error instanceof HTTPException && error.status === 400) {
      // The one that Hono itself raises: a body that does not parse.
      return errorResponse(c, 'bad_request', 'The body is not valid JSON.');
    }
    // The path only: a query may carry the token.
    log.error({ err: error, method: c.req.method, path: c.req.path }, 'request failed');
    return errorResponse(
      c,
      'internal',
      'Something went wrong in the server. Its log says what; try again.',
    );
  };
}
