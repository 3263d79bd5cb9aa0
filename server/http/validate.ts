/** Validation at the boundary: the schemas of `shared/commands.ts`, and messages that name the field (A3). */
import { zValidator } from '@hono/zod-validator';
import { createMiddleware } from 'hono/factory';
import type { z } from 'zod';
import { describeIssues } from '../issues.ts';
import { ServiceError } from '../sessions/service.ts';

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/** A JSON body. @throws ServiceError `bad_request` */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return zValidator('json', schema, (result) => {
    if (!result.success) {
      throw new ServiceError('bad_request', describeIssues(result.error.issues));
    }
  });
}

/** The query. @throws ServiceError `bad_request` */
export function queryOf<Schema extends z.ZodType>(schema: Schema) {
  return zValidator('query', schema, (result) => {
    if (!result.success) {
      throw new ServiceError('bad_request', describeIssues(result.error.issues));
    }
  });
}

/** Ids in the path: what can't be an id names nothing. @throws ServiceError `not_found` */
export function paramsOf<Schema extends z.ZodType>(schema: Schema) {
  return zValidator('param', schema, (result) => {
    if (!result.success) {
      throw new ServiceError('not_found', `Not found. ${describeIssues(result.error.issues)}`);
    }
  });
}

/**
 * A body is JSON or absent: what a form of a foreign page can send without asking never poses as a command.
 * @throws ServiceError `bad_request`
 */
export const onlyJson = createMiddleware(async (c, next) => {
  const type = c.req.header('content-type');
  const length = c.req.header('content-length') ?? '0';
  const hasBody = length !== '0' || c.req.header('transfer-encoding') !== undefined;
  const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (!reads && (type !== undefined || hasBody) && !JSON_TYPE.test(type ?? '')) {
    throw new ServiceError('bad_request', 'The body must be sent as application/json.');
  }
  await next();
});
