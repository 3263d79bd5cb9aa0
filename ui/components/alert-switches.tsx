/** Notifications and sounds of this browser: two switches, and what to do where the browser refuses. */
import { useStore } from './store-context.ts';
import { Switch } from './switch.tsx';

export function AlertSwitches() {
  const { alerts } = useStore();
  const { notifications, sound } = alerts.settings;
  return (
    <>
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
    </>
  );
}
