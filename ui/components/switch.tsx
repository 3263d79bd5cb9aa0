/** Something that is on or off, in shape and word. */
import type { Setting } from '../alerts/settings.ts';

interface Props {
  name: string;
  setting: Setting;
  onToggle(): void;
}

export function Switch({ name, setting, onToggle }: Props) {
  const usable = setting === 'on' || setting === 'off';
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-label={name}
      aria-checked={setting === 'on'}
      disabled={!usable}
      onClick={onToggle}
    >
      {name}
      <span class="switch-word">{setting === 'unsupported' ? 'not available' : setting}</span>
      <span class="switch-knob" aria-hidden="true" />
    </button>
  );
}
