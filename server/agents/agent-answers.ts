/** What an agent answers, checked: the SDK passes results on as they came. https://agentclientprotocol.com/protocol/v1/schema */
import type { SessionConfigOption, SessionModeState } from '@agentclientprotocol/sdk';
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

const words = z.string().nullable().catch(null);
const shown = { name: z.string(), description: words };
/** What of a list is not of its kind is left out, as ACP's schema says. */
const listOf = <Item>(item: z.ZodType<Item>) =>
  z.array(z.unknown()).transform((items) =>
    items.flatMap((one): Item[] => {
      const checked = item.safeParse(one);
      return checked.success ? [checked.data] : [];
    }),
  );
const choice = z.object({ value: z.string(), ...shown });
const choices = z.union([
  z.array(z.object({ group: z.string(), name: z.string(), options: listOf(choice) })),
  listOf(choice),
]);
const optionHead = { id: z.string().min(1), ...shown, category: words };
const configOption: z.ZodType<SessionConfigOption> = z.discriminatedUnion('type', [
  z.object({
    ...optionHead,
    type: z.literal('select'),
    currentValue: z.string(),
    options: choices,
  }),
  z.object({ ...optionHead, type: z.literal('boolean'), currentValue: z.boolean() }),
]);
const modeState: z.ZodType<SessionModeState> = z.object({
  currentModeId: z.string(),
  availableModes: listOf(z.object({ id: z.string(), ...shown })),
});
const chosen = {
  configOptions: listOf(configOption)
    .nullish()
    .catch(null)
    .transform((value) => value ?? null),
  modes: modeState
    .nullish()
    .catch(null)
    .transform((value) => value ?? null),
};

export const sessionOpened = z.object({ sessionId: z.string().min(1), ...chosen });
/** The answer to `session/load` and `session/resume`; some agents answer null. */
export const sessionTakenUp = z.preprocess(
  (value) => (isObject(value) ? value : {}),
  z.object(chosen),
);
export const optionSet = z.object({ configOptions: listOf(configOption) });

export const promptAnswered = z.object({
  stopReason: z.enum(['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled']),
});

export type AgentAbilities = z.output<typeof agentCapabilities>;
export type OfferedAuthMethod = z.output<typeof authMethod>;
