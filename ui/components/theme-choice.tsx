/** Light, dark, or as the system has it: in all open tabs at once. */
import type { Theme } from '../env.ts';
import { THEMES } from '../store/shell.ts';
import { useStore } from './store-context.ts';

const WORDS: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

export function ThemeChoice() {
  const { shell } = useStore();
  const chosen = shell.theme.value;
  return (
    <div class="choice" role="radiogroup" aria-label="Theme">
      {THEMES.map((theme) => (
        <label key={theme}>
          <input
            type="radio"
            name="theme"
            checked={theme === chosen}
            onChange={() => shell.chooseTheme(theme)}
          />
          {WORDS[theme]}
        </label>
      ))}
    </div>
  );
}
