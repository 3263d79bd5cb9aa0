/** The command line of `npm run campaign`. */

export interface CampaignArguments {
  name: string;
  /** null: none was given. */
  seed: number | null;
  rounds: number | null;
}

/**
 * @param argv what follows `npm run campaign --`
 * @param names the campaigns that there are
 * @throws with what is wrong and what would be right
 */
export function readArguments(
  argv: readonly string[],
  names: readonly string[],
): CampaignArguments {
  const usage = `npm run campaign -- <name> [--seed n] [--rounds n], where name is one of: ${names.join(', ')}`;
  const found: CampaignArguments = { name: '', seed: null, rounds: null };
  const left = [...argv];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--seed' || word === '--rounds') {
      const option = word === '--seed' ? 'seed' : 'rounds';
      if (found[option] !== null) throw new Error(`${word} is given twice`);
      found[option] = numberOf(word, left.shift(), option === 'rounds' ? 1 : 0);
    } else if (word.startsWith('-') || found.name !== '') {
      throw new Error(`'${word}' is not understood: ${usage}`);
    } else {
      found.name = word;
    }
  }
  if (found.name === '') throw new Error(usage);
  if (!names.includes(found.name)) throw new Error(`no campaign '${found.name}': ${usage}`);
  return found;
}

const MOST = 2 ** 31 - 1;

function numberOf(option: string, text: string | undefined, least: number): number {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : -1;
  if (value < least || value > MOST) {
    throw new Error(
      `${option} takes a whole number from ${least} to ${MOST}, not ${text ?? 'nothing'}`,
    );
  }
  return value;
}
