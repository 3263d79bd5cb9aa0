/** What can be chosen of the agent: its mode, its model and so on, as the session's log tells them. */
import { useId, useState } from 'preact/hooks';
import {
  type ConfigValue,
  type SessionConfigOption,
  type SessionConfigSelectOption,
} from '../../shared/config-options.ts';
import type { SessionRef } from '../store/actions.ts';
import { ChoiceList, type Choice } from './choice-list.tsx';
import { useStore } from './store-context.ts';

/** `unasked`: the agent has not been started for this session yet. Undefined: it has told nothing. */
export type Offered = SessionConfigOption[] | 'unasked' | undefined;

interface Props {
  session: SessionRef;
  options: Offered;
}

/** What was chosen and is under way: shown until the log says how it went. */
interface Wish {
  id: string;
  value: ConfigValue;
  /** What it was chosen from: with other ones there is news. */
  from: SessionConfigOption[];
}

/** As ACP's categories come in a person's mind; the agent's order within them. */
const ORDER = ['mode', 'model', 'thought_level'];

export function Pickers({ session, options }: Props) {
  const { actions } = useStore();
  const [wish, setWish] = useState<Wish | null>(null);
  const [asking, setAsking] = useState(false);

  if (options === undefined) return null;
  if (options === 'unasked') {
    const ask = async () => {
      setAsking(true);
      await actions.configure(session, {});
      setAsking(false);
    };
    return (
      <button
        type="button"
        class="picker-ask"
        title="Starts the agent and asks what it lets you choose"
        disabled={asking}
        onClick={() => void ask()}
      >
        {asking ? 'Asking the agent…' : 'Mode and model'}
      </button>
    );
  }
  const choose = async (option: SessionConfigOption, value: ConfigValue) => {
    setWish({ id: option.id, value, from: options });
    const now = await actions.configure(session, { configId: option.id, value });
    const taken = now?.find(({ id }) => id === option.id)?.currentValue === value;
    // Refused, or the agent made something else of it: the log is right.
    if (!taken) setWish(null);
  };
  const rank = ({ category }: SessionConfigOption) => {
    const at = ORDER.indexOf(category ?? '');
    return at === -1 ? ORDER.length : at;
  };
  return options
    .toSorted((a, b) => rank(a) - rank(b))
    .map((option) => (
      <Picker
        key={option.id}
        option={option}
        wish={wish?.id === option.id && wish.from === options ? wish.value : null}
        onChoose={(value) => void choose(option, value)}
      />
    ));
}

interface PickerProps {
  option: SessionConfigOption;
  wish: ConfigValue | null;
  onChoose(value: ConfigValue): void;
}

function Picker({ option, wish, onChoose }: PickerProps) {
  const value = wish ?? option.currentValue;
  const busy = wish !== null && wish !== option.currentValue;
  const aboutId = useId();
  const about = option.description ?? '';
  if (option.type === 'boolean') {
    return (
      <span class="picker" aria-busy={busy}>
        <label>
          <input
            type="checkbox"
            checked={value === true}
            aria-describedby={about === '' ? undefined : aboutId}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
          {option.name}
        </label>
        {about === '' ? null : (
          <span class="picker-about" id={aboutId}>
            {about}
          </span>
        )}
      </span>
    );
  }
  const choices = choicesOf(option);
  if (about !== '' || choices.some((one) => one.about !== '')) {
    return (
      <ChoiceList
        name={option.name}
        about={about}
        choices={choices}
        value={String(value)}
        busy={busy}
        onChoose={onChoose}
      />
    );
  }
  return (
    <span class="picker" aria-busy={busy}>
      <select
        aria-label={option.name}
        value={String(value)}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {option.options.map((entry) =>
          'group' in entry ? (
            <optgroup key={entry.group} label={entry.name}>
              {entry.options.map(plainChoice)}
            </optgroup>
          ) : (
            plainChoice(entry)
          ),
        )}
      </select>
    </span>
  );
}

const plainChoice = ({ value, name }: SessionConfigSelectOption) => (
  <option key={value} value={value}>
    {name}
  </option>
);

/** In the agent's order, each with its group's name. */
function choicesOf({ options }: Extract<SessionConfigOption, { type: 'select' }>): Choice[] {
  const choice = (group: string, { value, name, description }: SessionConfigSelectOption) => ({
    value,
    name,
    about: description ?? '',
    group,
  });
  return options.flatMap((entry) =>
    'group' in entry ? entry.options.map((one) => choice(entry.name, one)) : [choice('', entry)],
  );
}
