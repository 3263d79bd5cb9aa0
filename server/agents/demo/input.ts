/** What is typed after a command. */

export interface NumberRule {
  /** As the person knows it. */
  name: string;
  min: number;
  max: number;
  whole: boolean;
  /** Taken when it is left out; null: it has to be given. */
  otherwise: number | null;
}

export type Numbers = { ok: true; values: number[] } | { ok: false; message: string };

/** The numbers of `input`, one for each rule, or a sentence that says what is wrong. */
export function readNumbers(command: string, input: string, rules: readonly NumberRule[]): Numbers {
  const words = input === '' ? [] : input.split(/\s+/);
  if (words.length > rules.length) {
    return {
      ok: false,
      message: `/${command} takes ${rules.map(({ name }) => name).join(' and ')}, nothing more.`,
    };
  }
  const values: number[] = [];
  for (const [index, rule] of rules.entries()) {
    const word = words[index];
    const value = word === undefined ? rule.otherwise : read(word, rule);
    if (value === null) return { ok: false, message: wants(command, rule, word) };
    values.push(value);
  }
  return { ok: true, values };
}

function read(word: string, { min, max, whole }: NumberRule): number | null {
  if (!/^\d+(\.\d+)?$/.test(word)) return null;
  const value = Number(word);
  if (value < min || value > max || (whole && !Number.isInteger(value))) return null;
  return value;
}

function wants(
  command: string,
  { name, min, max, whole }: NumberRule,
  word: string | undefined,
): string {
  const got = word === undefined ? 'Nothing was given.' : `"${word.slice(0, 40)}" is none.`;
  return `/${command}: ${name} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}. ${got}`;
}
