/** Character references in text (`&copy;`, `&#8594;`) as the characters that they stand for. */

const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi;

/** What each means; only as many as an agent knows names for. */
const known = new Map<string, string>();
/** Longer than this it was filled by somebody who wanted to. */
const MOST = 5000;

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML(reference: string): string },
  ): { createHTML(reference: string): unknown };
}

/** Only the browser knows all two thousand names: what it is given to read is one reference and can be nothing else. */
const policy = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes?.createPolicy(
  'tabcast-references',
  {
    createHTML(reference) {
      if (reference.replace(REFERENCE, '') !== '') throw new TypeError('not a reference');
      return reference;
    },
  },
);

function read(reference: string): string {
  const found = known.get(reference);
  if (found !== undefined) return found;
  const place = document.createElement('span');
  place.innerHTML = (policy?.createHTML(reference) ?? reference) as string;
  const characters = place.textContent;
  if (known.size >= MOST) known.clear();
  known.set(reference, characters);
  return characters;
}

/** A name that nobody knows stays as it was typed. */
export function withReferences(text: string): string {
  return text.includes('&') ? text.replace(REFERENCE, read) : text;
}
