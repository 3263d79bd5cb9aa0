/** A session as a file, for its owner (A1): sent as fast as it is read, never held whole. */
import { Hono } from 'hono';
import { exportQuery, sessionParam, type ExportFormat } from '../../shared/commands.ts';
import { attachment, exportName, exportPieces } from '../export/session-export.ts';
import type { Logger } from '../log.ts';
import type { SessionService } from '../sessions/service.ts';
import type { AppEnv, Holder } from './env.ts';
import { paramsOf, queryOf } from './validate.ts';

export interface ExportRouteDeps {
  service: SessionService;
  log: Logger;
}

const TYPES: Record<ExportFormat, string> = {
  markdown: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

export function createExportRoutes({ service, log }: ExportRouteDeps): Hono<AppEnv> {
  return new Hono<AppEnv>().get(
    '/api/sessions/:id/export',
    paramsOf(sessionParam),
    queryOf(exportQuery),
    async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      const { format } = c.req.valid('query');
      const exported = session.export();
      const pieces = exportPieces(exported, format);
      return c.body(bodyOf(pieces, c.var.holder, log), 200, {
        'content-type': TYPES[format],
        'content-disposition': attachment(exportName(exported, format)),
        // It is a copy for the person who asked, of this moment.
        'cache-control': 'no-store',
      });
    },
  );
}

/**
 * Nothing is read ahead of who takes it. One that can't go on to its end is broken off: a file that ends early would
 * pass for a whole one.
 */
function bodyOf(
  pieces: AsyncGenerator<string>,
  holder: Pick<Holder, 'valid'>,
  log: Logger,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (!holder.valid()) throw new Error('the sign-in has ended');
          const { done, value } = await pieces.next();
          if (done === true) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          log.warn({ err: error }, 'an export was broken off');
          controller.error(error);
        }
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
