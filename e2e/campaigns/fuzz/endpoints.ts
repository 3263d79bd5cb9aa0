/** Every address of the API with the schemas of what it takes: what the fuzz makes its requests from. */
import type { z } from 'zod';
import type { ApiSchema } from '../../../shared/api.ts';
import {
  answerInput,
  configInput,
  createSessionInput,
  filesQuery,
  exportQuery,
  foldersQuery,
  patchSessionInput,
  promptInput,
  queuedInput,
  searchQuery,
  turnsQuery,
  takesQuery,
} from '../../../shared/commands.ts';

interface Taken {
  body?: z.ZodType;
  query?: z.ZodType;
  /** What it answers when it did what it was asked. */
  success: readonly number[];
  /** It answers with a stream that does not end by itself. */
  stream?: true;
  /** It answers with a file, JSON or not. */
  file?: true;
  /** It is about signing in: without what a person knows it succeeds never, and it may set cookies. */
  signsIn?: true;
}

export interface Endpoint extends Taken {
  method: string;
  /** With `:id`, `:turnId`, `:requestId`. */
  path: string;
}

type MethodsOf<Path extends keyof ApiSchema> = keyof ApiSchema[Path] & `$${string}`;
type Upper<Method> = Method extends `$${infer Name}` ? Uppercase<Name> : never;
/** `GET /api/sessions`: all of the contract, and the streams. One that is missing here does not compile. */
type Name =
  | { [Path in keyof ApiSchema]: `${Upper<MethodsOf<Path>>} ${Path}` }[keyof ApiSchema]
  | 'GET /api/sessions/:id/events'
  | 'GET /api/sessions/:id/export'
  | 'GET /api/events';

const TAKEN: Record<Name, Taken> = {
  'GET /api/agents': { success: [200] },
  'GET /api/agents/known': { success: [200] },
  'GET /api/agents/takes': { query: takesQuery, success: [200] },
  'GET /api/sessions': { success: [200] },
  'POST /api/sessions': { body: createSessionInput, success: [201] },
  'GET /api/sessions/:id': { success: [200] },
  'PATCH /api/sessions/:id': { body: patchSessionInput, success: [200] },
  'DELETE /api/sessions/:id': { success: [200] },
  'GET /api/sessions/:id/draft': { success: [200] },
  'GET /api/sessions/:id/files': { query: filesQuery, success: [200] },
  'GET /api/sessions/:id/takes': { success: [200] },
  'POST /api/sessions/:id/config': { body: configInput, success: [200] },
  'POST /api/sessions/:id/queue/release': { success: [202] },
  'GET /api/sessions/:id/turns': { query: turnsQuery, success: [200] },
  'POST /api/sessions/:id/turns': { body: promptInput, success: [202] },
  'PATCH /api/sessions/:id/turns/:turnId': { body: queuedInput, success: [200] },
  'DELETE /api/sessions/:id/turns/:turnId': { success: [200] },
  'POST /api/sessions/:id/turns/:turnId/start': { success: [202] },
  'POST /api/sessions/:id/turns/:turnId/cancel': { success: [200, 202] },
  'POST /api/sessions/:id/requests/:requestId': { body: answerInput, success: [200] },
  'GET /api/search': { query: searchQuery, success: [200] },
  'GET /api/folders': { query: foldersQuery, success: [200] },
  'GET /api/sign-in': { success: [200] },
  'POST /api/sign-in': { success: [], signsIn: true },
  'GET /api/sign-ins': { success: [200] },
  'DELETE /api/sign-ins/:id': { success: [], signsIn: true },
  'POST /api/sign-out': { success: [200], signsIn: true },
  'GET /api/diagnostics': { success: [200] },
  'GET /api/sessions/:id/events': { success: [200, 204], stream: true },
  'GET /api/sessions/:id/export': { query: exportQuery, success: [200], file: true },
  'GET /api/events': { success: [200], stream: true },
};

export const ENDPOINTS: readonly Endpoint[] = Object.entries(TAKEN).map(([name, taken]) => {
  const [method = '', path = ''] = name.split(' ');
  return Object.assign(taken, { method, path });
});
