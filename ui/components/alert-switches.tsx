/** Notifications and sounds of this browser: two switches, and what to do where the browser refuses. */
import type { Setting } from '../alerts/settings.ts';
import { useStore } from './store-context.ts';

export function AlertSwitches() {
  const { alerts } = useStore();
  const { notifications, sound } = alerts.settings;
  return (
    <div class="alert-switches" role="group" aria-label="When you look elsewhere">
      <Switch
        name="Notifications"
        setting={notifications.value}
        onToggle={() => void alerts.settings.toggleNotifications()}
      />
      <Switch
        name="Sound"
        setting={sound.value}
        onToggle={() => {
          if (alerts.settings.toggleSound() === 'on') void alerts.sample();
        }}
      />
      {notifications.value === 'blocked' ? (
        <p class="hint">
          The browser blocks notifications of this page. Allow them in its settings for this site.
        </p>
      ) : null}
    </div>
  );
}

interface SwitchProps {
  name: string;
  setting: Setting;
  onToggle(): void;
}

function Switch({ name, setting, onToggle }: SwitchProps) {
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
    </button>
  );
}
