/** What an answer of the server says went wrong. */
import type { ApiError, ErrorBody, ErrorCode } from '../shared/errors.ts';

const BY_STATUS: Record<number, ErrorCode> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  429: 'too_many',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
  507: 'storage',
};

/** The error in an answer's body, or one by its status when a proxy answered in the server's place. Never rejects. */
export async function readError(response: {
  status: number;
  json(): Promise<unknown>;
}): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as Partial<ErrorBody>;
    if (typeof error?.code === 'string' && typeof error.message === 'string') {
      return { code: error.code, message: error.message };
    }
  } catch {
    // Not JSON: what a proxy says is not for a person.
  }
  const { status } = response;
  const code = BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'internal');
  return { code, message: `The server answered with status ${status}.` };
}
