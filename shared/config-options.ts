/**
 * What a person may choose of an agent: its mode, its model and so on.
 * ACP's config options; the older session modes are one of them here.
 * https://agentclientprotocol.com/protocol/v1/session-config-options
 */
import type {
  SessionConfigOption,
  SessionConfigSelectOption,
  SessionModeState,
} from '@agentclientprotocol/sdk';
import type { SessionUpdate } from './events.ts';

export type { SessionConfigOption, SessionConfigSelectOption };

/** Of the option that stands for the modes of an agent that has no config options. */
export const MODE_OPTION = 'tabcast/mode';

/** The value of an option: one of its list, or on and off. */
export type ConfigValue = string | boolean;

/** The update that says what the answer to `session/new`, `load` or `resume` said of the options; null: nothing. */
export function optionsUpdate(answer: {
  configOptions: SessionConfigOption[] | null;
  modes: SessionModeState | null;
}): SessionUpdate | null {
  const { configOptions, modes } = answer;
  // ACP: who knows config options leaves the modes alone where there are both.
  if (configOptions !== null) return { sessionUpdate: 'config_option_update', configOptions };
  if (modes === null || modes.availableModes.length === 0) return null;
  const option: SessionConfigOption = {
    id: MODE_OPTION,
    name: 'Mode',
    category: 'mode',
    type: 'select',
    currentValue: modes.currentModeId,
    options: modes.availableModes.map(({ id, name, description = null }) => ({
      value: id,
      name,
      description,
    })),
  };
  return { sessionUpdate: 'config_option_update', configOptions: [option] };
}

/** The options after an update; the same ones when it says nothing of them. Undefined: none are known yet. */
export function foldOptions(
  options: SessionConfigOption[] | undefined,
  update: SessionUpdate,
): SessionConfigOption[] | undefined {
  if (update.sessionUpdate === 'config_option_update') return update.configOptions;
  if (update.sessionUpdate !== 'current_mode_update') return options;
  const { currentModeId } = update;
  return options?.map((option) =>
    option.id === MODE_OPTION && option.type === 'select'
      ? { ...option, currentValue: currentModeId }
      : option,
  );
}

/** The values of a list, without its groups. */
export function valuesOf(option: SessionConfigOption): SessionConfigSelectOption[] {
  if (option.type !== 'select') return [];
  return option.options.flatMap((entry) => ('group' in entry ? entry.options : [entry]));
}

/** True when the option can have that value. */
export function takesValue(option: SessionConfigOption, value: ConfigValue): boolean {
  return option.type === 'boolean'
    ? typeof value === 'boolean'
    : valuesOf(option).some((entry) => entry.value === value);
}

/** The same options, in the same order, with the same values. */
export function sameOptions(
  a: SessionConfigOption[] | undefined,
  b: SessionConfigOption[] | undefined,
): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
