/** What every answer of the API must be, whatever was asked (A1, A3). */
import type { ErrorCode } from '../../../shared/errors.ts';
import type { Plan } from './plans.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** An error's status by its code, as the API documents it. */
const CODES: Partial<Record<ErrorCode, readonly number[]>> = {
  bad_request: [400, 405],
  unauthorized: [401],
  not_found: [404],
  conflict: [409],
  already_answered: [409],
  too_large: [413],
  too_many: [429],
  unavailable: [503],
};

/** @returns what is wrong with it; empty when nothing is */
export function faultsOf(plan: Plan, method: string, answer: Answer): string[] {
  const { status, headers, text } = answer;
  const faults: string[] = [];
  if (headers.get('x-content-type-options') !== 'nosniff') faults.push('no security headers');
  if (headers.has('set-cookie') && plan.endpoint.signsIn !== true) faults.push('a cookie');
  const succeeded = status >= 200 && status < 300;
  if (succeeded) {
    const asPlanned = method === plan.endpoint.method;
    if (asPlanned && !plan.endpoint.success.includes(status)) faults.push('an unknown success');
    const any = plan.endpoint.stream === true || plan.endpoint.file === true;
    if (!any && method !== 'HEAD' && !isJson(text)) faults.push('no JSON');
    return faults;
  }
  if (status === 304) {
    if (text !== '' || plan.headers['if-none-match'] === undefined) faults.push('an unasked 304');
    return faults;
  }
  if (method === 'HEAD') {
    if (![400, 404, 405, 503].includes(status)) faults.push('an unknown status');
    return faults;
  }
  const error = errorOf(text);
  if (error === null) faults.push('no {error: {code, message}}');
  else if (CODES[error.code]?.includes(status) !== true) faults.push('a status beside its code');
  else if (status === 401 && plan.endpoint.signsIn !== true) faults.push('not let in');
  // What the schema allows is not called malformed; whether an answer fits its request no schema tells.
  if (plan.mode === 'valid' && status === 400 && plan.endpoint.success.length > 0) {
    if (!plan.endpoint.path.endsWith('/requests/:requestId')) faults.push('valid input refused');
  }
  return faults;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Null when the body is anything but the one shape of errors. */
function errorOf(text: string): { code: ErrorCode; message: string } | null {
  if (!isJson(text)) return null;
  const body = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } } | null;
  if (body === null || Object.keys(body).join() !== 'error') return null;
  const { error } = body;
  if (Object.keys(error ?? {}).join() !== 'code,message') return null;
  const { code, message } = error ?? {};
  if (typeof code !== 'string' || typeof message !== 'string' || message === '') return null;
  return { code: code as ErrorCode, message };
}
