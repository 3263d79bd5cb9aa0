/** Times, short, to look at. */

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`; a clock that was set back makes no negative time. */
export function shortTime(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  return unitsOf(seconds)
    .map(([count, [short]]) => `${count} ${short}`)
    .join(' ');
}

type Unit = readonly [short: string, word: string];

/** Hours, minutes and seconds that are not none. */
export function unitsOf(seconds: number): [number, Unit][] {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const units: [number, Unit][] = [
    [hours, ['h', 'hour']],
    [minutes, ['min', 'minute']],
    // Nobody needs the seconds of an hour.
    [hours > 0 ? 0 : whole % 60, ['s', 'second']],
  ];
  const shown = units.filter(([count]) => count > 0);
  return shown.length > 0 ? shown : [[0, ['s', 'second']]];
}
