/** What an agent answers, checked: the SDK passes results on as they came. https://agentclientprotocol.com/protocol/v1/schema */
import { z } from 'zod';

/** What is missing or malformed is not supported. */
const flag = z.boolean().catch(false);
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
/** These are supported when their object is there. */
const supported = z.unknown().optional().transform(isObject);
const group = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((value) => (isObject(value) ? value : {}), z.object(shape)).prefault({});

const agentCapabilities = group({
  loadSession: flag,
  promptCapabilities: group({ image: flag, audio: flag, embeddedContext: flag }),
  mcpCapabilities: group({ http: flag, sse: flag }),
  sessionCapabilities: group({ resume: supported, close: supported }),
});
const authMethod = z.object({ id: z.string(), name: z.string().catch('') });

export const initialized = z.object({
  protocolVersion: z.number(),
  agentCapabilities,
  authMethods: z
    .array(authMethod)
    .nullish()
    .transform((value) => value ?? []),
});
export const sessionOpened = z.object({ sessionId: z.string().min(1) });
export const promptAnswered = z.object({
  stopReason: z.enum(['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled']),
});

export type AgentAbilities = z.output<typeof agentCapabilities>;
export type OfferedAuthMethod = z.output<typeof authMethod>;
