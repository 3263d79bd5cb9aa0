/**
 * What people chose of an agent: its mode, its model and so on. The log is where it stands, and so the same in every
 * tab and after a restart: an agent that forgot is told again.
 */
import {
  foldOptions,
  sameOptions,
  takesValue,
  type SessionConfigOption,
} from '../../shared/config-options.ts';
import type { SessionUpdate } from '../../shared/events.ts';
import { AgentError, type AgentSession } from '../agents/agent-host.ts';
import type { Logger } from '../log.ts';
import { ServiceError, type ConfigChoice } from './service.ts';
import { boundUpdate } from './turn-intake.ts';

export interface AgentOptions {
  /** Before the agent's session is opened: what stands now is what it has to be afterwards. */
  opening(): void;
  /** Tells an agent that was opened again what had been chosen. */
  opened(session: AgentSession): Promise<void>;
  /** See `SessionHandle.configure`. */
  configure(choice: ConfigChoice | null): Promise<SessionConfigOption[]>;
}

interface Deps {
  /** Of the log, now. */
  options(): SessionConfigOption[] | undefined;
  /** @throws AgentError */
  session(): Promise<AgentSession>;
  /** Resolves when it is in the log. */
  append(update: SessionUpdate): Promise<void>;
  logger: Logger;
}

export function createAgentOptions({ options, session, append, logger }: Deps): AgentOptions {
  let wanted: SessionConfigOption[] = [];

  /** Only what changes something; something too large to be kept is not. */
  const keep = async (update: SessionUpdate): Promise<SessionConfigOption[]> => {
    const bounded = boundUpdate(update);
    const next = bounded?.missing === 0 ? foldOptions(options(), bounded.value) : options();
    if (bounded !== null && !sameOptions(next, options())) await append(bounded.value);
    return next ?? [];
  };

  return {
    opening() {
      wanted = options() ?? [];
    },
    async opened(opened) {
      if (opened.options === null) return;
      let now = foldOptions(undefined, opened.options) ?? [];
      for (const { id, currentValue } of wanted) {
        const option = now.find((one) => one.id === id);
        if (option === undefined || option.currentValue === currentValue) continue;
        if (!takesValue(option, currentValue)) continue;
        try {
          now = foldOptions(now, await opened.configure(id, currentValue)) ?? now;
        } catch (error) {
          // What it says of itself is what people then see.
          if (!(error instanceof AgentError)) throw error;
          logger.warn({ err: error, option: id }, 'an agent did not take an earlier choice again');
        }
      }
      await keep({ sessionUpdate: 'config_option_update', configOptions: now });
    },
    async configure(choice) {
      try {
        const agent = await session();
        if (choice === null) {
          // That there is nothing to choose is worth knowing, too.
          const none: SessionUpdate = { sessionUpdate: 'config_option_update', configOptions: [] };
          return options() ?? (await keep(none));
        }
        const option = options()?.find(({ id }) => id === choice.configId);
        if (option === undefined) {
          throw new ServiceError('conflict', 'The agent does not offer this setting any more.');
        }
        if (!takesValue(option, choice.value)) {
          throw new ServiceError('conflict', `The agent does not offer this for ‘${option.name}’.`);
        }
        return await keep(await agent.configure(choice.configId, choice.value));
      } catch (error) {
        if (!(error instanceof AgentError)) throw error;
        throw new ServiceError('conflict', error.message);
      }
    },
  };
}
