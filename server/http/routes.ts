/** The commands and queries of the API. Ownership is checked by `open` before anything is looked up (A1). */
import { Hono } from 'hono';
import type { z } from 'zod';
import type { AgentInfo, Diagnostics } from '../../shared/api.ts';
import type { SignIns } from '../access/sign-ins.ts';
import {
  answerInput,
  configInput,
  createSessionInput,
  filesQuery,
  foldersQuery,
  patchSessionInput,
  promptInput,
  queuedInput,
  requestParam,
  searchQuery,
  sessionParam,
  takesQuery,
  turnParam,
  turnsQuery,
  type ConfigInput,
} from '../../shared/commands.ts';
import type { ContentBlock } from '../../shared/events.ts';
import { ServiceError, type ConfigChoice, type SessionService } from '../sessions/service.ts';
import { ASK_AGAIN, entityTag, FOR_EVER } from './entity-tag.ts';
import type { AppEnv } from './env.ts';
import type { SignInDesk } from './sign-in.ts';
import { jsonBody, paramsOf, queryOf } from './validate.ts';

export interface RouteDeps {
  service: SessionService;
  /** What one principal may know. */
  diagnostics(principal: string): Diagnostics;
  signIns: Pick<SignIns, 'list' | 'end'>;
  desk: Pick<SignInDesk, 'kind' | 'leave'>;
}

/** Chained, so that its type is the schema that `contract.ts` compares with the clients' one. */
export function createRoutes({ service, diagnostics, signIns, desk }: RouteDeps) {
  return new Hono<AppEnv>()
    .get('/api/agents', (c) => {
      const agents: AgentInfo[] = service.agents();
      return c.json({ agents }, 200);
    })
    .get('/api/agents/known', (c) => c.json(service.knownAgents(), 200))
    .get('/api/agents/takes', queryOf(takesQuery), async (c) => {
      return c.json(await service.takes(c.req.valid('query').agent), 200);
    })
    .get('/api/sessions', async (c) => {
      const { directory } = await service.directory(c.var.principal);
      return c.json({ sessions: directory.rows() }, 200);
    })
    .post('/api/sessions', jsonBody(createSessionInput), async (c) => {
      const row = await service.create(c.var.principal, c.req.valid('json'));
      return c.json(row, 201);
    })
    .get('/api/sessions/:id', paramsOf(sessionParam), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      return c.json(session.view(), 200);
    })
    .patch('/api/sessions/:id', paramsOf(sessionParam), jsonBody(patchSessionInput), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      return c.json(await session.patch(c.req.valid('json')), 200);
    })
    .delete('/api/sessions/:id', paramsOf(sessionParam), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      await session.delete();
      return c.json({ deleted: true as const }, 200);
    })
    .get('/api/sessions/:id/draft', paramsOf(sessionParam), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      return c.json(session.draft(), 200);
    })
    .get('/api/sessions/:id/files', paramsOf(sessionParam), queryOf(filesQuery), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      const { query, limit } = c.req.valid('query');
      return c.json(await session.files(query, limit), 200);
    })
    .get('/api/sessions/:id/takes', paramsOf(sessionParam), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      return c.json(await session.takes(), 200);
    })
    .post('/api/sessions/:id/config', paramsOf(sessionParam), jsonBody(configInput), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      const choice = c.req.valid('json');
      const options = await session.configure(isChoice(choice) ? choice : null);
      return c.json({ options }, 200);
    })
    .post('/api/sessions/:id/queue/release', paramsOf(sessionParam), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      return c.json({ released: await session.releaseQueue() }, 202);
    })
    .get(
      '/api/sessions/:id/turns',
      entityTag,
      paramsOf(sessionParam),
      queryOf(turnsQuery),
      async (c) => {
        const session = await service.open(c.var.principal, c.req.valid('param').id);
        const { feed } = session;
        const { before, limit, log } = c.req.valid('query');
        if (log !== undefined && log !== feed.logId) {
          throw new ServiceError('not_found', 'This session has another log.');
        }
        const { live, started } = feed.snapshot();
        // A name may be another session's one day, and what is not settled is not there yet.
        const settled = before !== undefined && before <= (live?.ordinal ?? started);
        c.header('cache-control', log !== undefined && settled ? FOR_EVER : ASK_AGAIN);
        return c.json(await session.turns(before ?? null, limit), 200);
      },
    )
    .post('/api/sessions/:id/turns', paramsOf(sessionParam), jsonBody(promptInput), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      const { prompt, draftRev, ...input } = c.req.valid('json');
      const turnId = await session.prompt({
        ...input,
        prompt: promptBlocks(prompt),
        ...(draftRev === undefined ? {} : { draftRev }),
      });
      return c.json({ turnId }, 202);
    })
    .patch(
      '/api/sessions/:id/turns/:turnId',
      paramsOf(turnParam),
      jsonBody(queuedInput),
      async (c) => {
        const { id, turnId } = c.req.valid('param');
        const session = await service.open(c.var.principal, id);
        const { prompt, before } = c.req.valid('json');
        await session.changeQueued(turnId, {
          ...(prompt === undefined ? {} : { prompt: promptBlocks(prompt) }),
          ...(before === undefined ? {} : { before }),
        });
        return c.json({ turnId }, 200);
      },
    )
    .delete('/api/sessions/:id/turns/:turnId', paramsOf(turnParam), async (c) => {
      const { id, turnId } = c.req.valid('param');
      const session = await service.open(c.var.principal, id);
      return c.json({ removed: await session.removeQueued(turnId) }, 200);
    })
    .post('/api/sessions/:id/turns/:turnId/start', paramsOf(turnParam), async (c) => {
      const { id, turnId } = c.req.valid('param');
      const session = await service.open(c.var.principal, id);
      await session.startQueued(turnId);
      return c.json({ turnId }, 202);
    })
    .post('/api/sessions/:id/turns/:turnId/cancel', paramsOf(turnParam), async (c) => {
      const { id, turnId } = c.req.valid('param');
      const session = await service.open(c.var.principal, id);
      const cancelling = await session.cancel(turnId);
      return c.json({ cancelling }, cancelling ? 202 : 200);
    })
    .post(
      '/api/sessions/:id/requests/:requestId',
      paramsOf(requestParam),
      jsonBody(answerInput),
      async (c) => {
        const { id, requestId } = c.req.valid('param');
        const session = await service.open(c.var.principal, id);
        await session.answer(requestId, c.req.valid('json').outcome);
        return c.json({ answered: true as const }, 200);
      },
    )
    .get('/api/search', queryOf(searchQuery), async (c) => {
      const { q, limit } = c.req.valid('query');
      return c.json({ hits: await service.search(c.var.principal, q, limit) }, 200);
    })
    .get('/api/folders', queryOf(foldersQuery), async (c) =>
      c.json(await service.folders(c.req.valid('query').path), 200),
    )
    .get('/api/sign-ins', (c) => {
      const { principal, holder } = c.var;
      const own = signIns.list(principal).map((signIn) => ({
        id: signIn.id,
        browser: signIn.browser,
        createdAt: signIn.createdAt,
        usedAt: signIn.usedAt,
        present: signIn.id === holder.signIn?.id,
      }));
      return c.json({ name: desk.kind === 'users' ? principal : null, signIns: own }, 200);
    })
    .delete('/api/sign-ins/:id', paramsOf(sessionParam), (c) => {
      if (!signIns.end(c.var.principal, c.req.valid('param').id)) {
        throw new ServiceError('not_found', 'There is no such sign-in.');
      }
      return c.json({ ended: true as const }, 200);
    })
    .post('/api/sign-out', (c) => {
      desk.leave(c);
      return c.json({ ended: true as const }, 200);
    })
    .get('/api/diagnostics', (c) => c.json(diagnostics(c.var.principal), 200));
}

export type ApiRoutes = ReturnType<typeof createRoutes>;

/** Plain text is one ACP text block. */
function promptBlocks(prompt: z.output<typeof promptInput>['prompt']): ContentBlock[] {
  if (typeof prompt === 'string') return [{ type: 'text', text: prompt }];
  // The schema is ACP's; zod says `undefined` where JSON can only leave out, and annotations pass through as they are.
  return prompt as ContentBlock[];
}

/** A body without anything in it asks what there is to choose. */
function isChoice(input: ConfigInput): input is ConfigChoice {
  return 'configId' in input;
}
