/** Every address of the API with the schemas of what it takes: what the fuzz makes its requests from. */
import type { z } from 'zod';
import {
  answerInput,
  createSessionInput,
  patchSessionInput,
  promptInput,
  queuedInput,
  searchQuery,
  turnsQuery,
} from '../../commands.ts';

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
}

const SESSION = '/api/sessions/:id';
const TURN = `${SESSION}/turns/:turnId`;

export const ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/api/agents', success: [200] },
  { method: 'GET', path: '/api/sessions', success: [200] },
  { method: 'POST', path: '/api/sessions', body: createSessionInput, success: [201] },
  { method: 'GET', path: SESSION, success: [200] },
  { method: 'PATCH', path: SESSION, body: patchSessionInput, success: [200] },
  { method: 'DELETE', path: SESSION, success: [200] },
  { method: 'GET', path: `${SESSION}/draft`, success: [200] },
  { method: 'POST', path: `${SESSION}/queue/release`, success: [202] },
  { method: 'GET', path: `${SESSION}/turns`, query: turnsQuery, success: [200] },
  { method: 'POST', path: `${SESSION}/turns`, body: promptInput, success: [202] },
  { method: 'PATCH', path: TURN, body: queuedInput, success: [200] },
  { method: 'DELETE', path: TURN, success: [200] },
  { method: 'POST', path: `${TURN}/start`, success: [202] },
  { method: 'POST', path: `${TURN}/cancel`, success: [200, 202] },
  { method: 'POST', path: `${SESSION}/requests/:requestId`, body: answerInput, success: [200] },
  { method: 'GET', path: '/api/search', query: searchQuery, success: [200] },
  { method: 'GET', path: '/api/diagnostics', success: [200] },
  { method: 'GET', path: `${SESSION}/events`, success: [200, 204], stream: true },
  { method: 'GET', path: '/api/events', success: [200], stream: true },
];
