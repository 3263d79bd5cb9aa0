/**
 * The input schemas of the HTTP API. The server validates with them, once; page and hub import only the
 * types, so zod stays out of their bundles.
 */
import { z } from 'zod';

/** Bounds, in UTF-16 units unless they say otherwise. */
export const LIMITS = {
  /** Bytes of one request body. */
  body: 8 * 1024 * 1024,
  promptBlocks: 64,
  promptText: 1024 * 1024,
  title: 200,
  path: 4096,
  draft: 64 * 1024,
  answerFields: 64,
  answerText: 16 * 1024,
  turnsPage: 100,
  /** Sessions that one `GET /api/events` may name. */
  laneSessions: 256,
  /** Of all prompts that wait in one session. */
  queueText: 32 * 1024 * 1024,
  searchText: 200,
  searchHits: 50,
  fileQuery: 400,
  fileHits: 50,
  /** Images, sounds and files in one message that is written in the page. */
  attachments: 16,
} as const;

const count = z.number().int().nonnegative();
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id has 1 to 64 of A-Z a-z 0-9 _ -');

const annotations = z.record(z.string(), z.unknown()).nullish();
const uri = z.string().max(LIMITS.path);
const mimeType = z.string().max(200);

/** ACP content blocks, as a prompt may carry them. https://agentclientprotocol.com/protocol/v1/content */
export const contentBlock = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().max(LIMITS.promptText), annotations }),
  z.object({
    type: z.enum(['image', 'audio']),
    data: z.base64().max(LIMITS.body),
    mimeType,
    uri: uri.nullish(),
    annotations,
  }),
  z.object({
    type: z.literal('resource_link'),
    uri,
    name: z.string().max(LIMITS.title),
    mimeType: mimeType.nullish(),
    title: z.string().max(LIMITS.title).nullish(),
    description: z.string().max(LIMITS.path).nullish(),
    size: z.number().int().nonnegative().nullish(),
    annotations,
  }),
  z.object({
    type: z.literal('resource'),
    resource: z.union([
      z.object({ uri, text: z.string().max(LIMITS.promptText), mimeType: mimeType.nullish() }),
      z.object({ uri, blob: z.base64().max(LIMITS.body), mimeType: mimeType.nullish() }),
    ]),
    annotations,
  }),
]);

const prompt = z.union([
  z.string().trim().min(1, 'the message is empty').max(LIMITS.promptText),
  z.array(contentBlock).min(1, 'the message is empty').max(LIMITS.promptBlocks),
]);

export const promptInput = z.strictObject({
  prompt,
  /** Made by the client, once per message: the same key gives the same turn (L9). */
  key: z.string().min(1).max(100),
  mode: z.enum(['queue', 'interrupt']).default('queue'),
  /** The draft of this revision is what is sent: it is empty from now on, unless somebody wrote since (O13). */
  draftRev: count.optional(),
});

/** Of a prompt that is queued. */
export const queuedInput = z
  .strictObject({
    prompt,
    /** The turn it shall stand before; null: at the end. */
    before: id.nullable(),
  })
  .partial();

export const createSessionInput = z.strictObject({
  agent: id.optional(),
  cwd: z.string().min(1).max(LIMITS.path).optional(),
  title: z.string().trim().max(LIMITS.title).optional(),
});

/** A choice, or nothing: then it is only asked what there is to choose. */
export const configInput = z.union([
  z.strictObject({
    configId: z.string().min(1).max(LIMITS.title),
    value: z.union([z.string().max(LIMITS.path), z.boolean()]),
  }),
  z.strictObject({}),
]);

export const patchSessionInput = z
  .strictObject({
    title: z.string().trim().min(1, 'a title needs a letter').max(LIMITS.title),
    pinned: z.boolean(),
    archived: z.boolean(),
    /** Read up to here: it only rises. */
    readSeq: count,
    /** The row's, as it was seen by who reads on: after a later 'unread' the `readSeq` means nothing (O8). */
    readMark: count,
    /** The last end is unread again, until somebody who knows of it reads it. */
    unread: z.literal(true),
    draft: z.string().max(LIMITS.draft),
    /** The revision that the draft was made from (O13); without it, from the present one. */
    draftRev: count,
  })
  .partial();

const answerValue = z.union([
  z.string().max(LIMITS.answerText),
  z.number(),
  z.boolean(),
  z.array(z.string().max(LIMITS.answerText)).max(LIMITS.answerFields),
]);

/** ACP's own outcomes; which of them fits is checked against the request that is answered. */
export const answerInput = z.strictObject({
  outcome: z.union([
    z.strictObject({ outcome: z.literal('selected'), optionId: z.string().max(LIMITS.title) }),
    z.strictObject({
      action: z.literal('accept'),
      content: z.record(z.string().max(LIMITS.title), answerValue).nullish(),
    }),
    z.strictObject({ action: z.literal('decline') }),
    z.strictObject({ action: z.literal('cancel') }),
  ]),
});

export const turnsQuery = z.object({
  /** The `ordinal` to page back from; without it, from the newest settled turn. */
  before: z.coerce.number().int().nonnegative().optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.turnsPage).default(20),
  /** The session's `logId`: with it and `before` the address means these turns for ever, and may be kept. */
  log: id.optional(),
});

export const searchQuery = z.object({
  /** A person's words; without any there are no hits. */
  q: z.string().max(LIMITS.searchText),
  limit: z.coerce.number().int().min(1).max(LIMITS.searchHits).default(20),
});

export const filesQuery = z.object({
  /** A part of a path; without any, what lies on top. */
  query: z.string().max(LIMITS.fileQuery),
  limit: z.coerce.number().int().min(1).max(LIMITS.fileHits).default(20),
});

export const foldersQuery = z.object({
  /** As far as it is typed; nothing: where one may begin. */
  path: z
    .string()
    .max(LIMITS.path)
    .refine((path) => !path.includes('\0'), 'a path has no NUL')
    .default(''),
});

export const takesQuery = z.object({ agent: id.optional() });

export const exportQuery = z.object({ format: z.enum(['markdown', 'json']) });

export const sessionParam = z.object({ id });
export const turnParam = z.object({ id, turnId: id });
export const requestParam = z.object({ id, requestId: id });

export type ConfigInput = z.infer<typeof configInput>;
export type QueuedInput = z.input<typeof queuedInput>;
export type PromptInput = z.input<typeof promptInput>;
export type CreateSessionInput = z.infer<typeof createSessionInput>;
export type PatchSessionInput = z.infer<typeof patchSessionInput>;
export type ExportFormat = z.infer<typeof exportQuery>['format'];
export type AnswerOutcome = z.infer<typeof answerInput>['outcome'];
