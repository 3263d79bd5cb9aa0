/** A document with everything that a transcript has to show, hostile text included. Deterministic. */

const WORDS =
  'river stone lantern quiet harbour seven ladder copper thread window orchard signal paper winter meadow engine'.split(
    ' ',
  );

/** A small chequered picture. */
const PICTURE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAUCAIAAABj86gYAAAAMElEQVR42mP4tDsNK5KN98OKSFXPMGrBwFtALYNwqR+1YBBYMJoPRnPyaD4YBhYAAP9ElG7piKDpAAAAAElFTkSuQmCC';

/** At least `length` UTF-16 units of markdown, in whole sections. The same for the same length. */
export function markdownDocument(length: number): string {
  let text = '# A document\n\n';
  for (let index = 0; text.length < length; index += 1) {
    const section = SECTIONS[index % SECTIONS.length];
    text += `## ${index + 1}. ${sentence(index, 3)}\n\n${section?.(index) ?? ''}\n`;
  }
  return text;
}

/** `text` in pieces of 8 to 40 UTF-16 units, as a model streams it; no character is split. */
export function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  let at = 0;
  for (let index = 0; at < text.length; index += 1) {
    let end = Math.min(text.length, at + 8 + ((index * 13) % 33));
    const last = text.charCodeAt(end - 1);
    if (last >= 0xd800 && last <= 0xdbff && end < text.length) end += 1;
    chunks.push(text.slice(at, end));
    at = end;
  }
  return chunks;
}

const SECTIONS: readonly ((index: number) => string)[] = [
  paragraphs,
  lists,
  table,
  code,
  math,
  quotes,
  hostile,
  links,
];

function paragraphs(index: number): string {
  return [0, 1, 2]
    .map(
      (n) =>
        `${sentence(index + n, 14)}. **${sentence(index + n + 3, 3)}** and *${sentence(n, 2)}*, \`${word(index + n)}()\` too: naïve café, 漢字, 🌊.`,
    )
    .join('\n\n')
    .concat('\n');
}

function lists(index: number): string {
  const nested = [0, 1, 2].map(
    (n) =>
      `- ${sentence(index + n, 5)}\n  - ${sentence(index + n + 1, 4)}\n    - ${sentence(n, 3)}`,
  );
  const numbered = [1, 2, 3].map((n) => `${n}. ${sentence(index + n, 6)}`);
  return `${nested.join('\n')}\n\n${numbered.join('\n')}\n\n- [x] ${word(index)}\n- [ ] ${word(index + 1)}\n`;
}

function table(index: number): string {
  const rows = [0, 1, 2, 3].map(
    (n) => `| ${word(index + n)} | ${n * 17 + index} | ${sentence(n, 2)} |`,
  );
  return `| name | count | note |\n|:---|---:|---|\n${rows.join('\n')}\n`;
}

const CODE: readonly ((name: string, words: string) => [language: string, text: string])[] = [
  (name, words) => [
    'ts',
    `export function ${name}(n: number): string {\n  // ${words}\n  return n < 2 ? '<b>${name}</b>' : ${name}(n - 1);\n}`,
  ],
  (name, words) => [
    'python',
    `def ${name}(n: int) -> str:\n    """${words}."""\n    return f"<b>{n}</b>" if n < 2 else ${name}(n - 1)`,
  ],
  (name, words) => [
    'rust',
    `/// ${words}\nfn ${name}(n: u32) -> Vec<String> {\n    (0..n).map(|i| format!("{i}")).collect()\n}`,
  ],
];

function code(index: number): string {
  const name = word(index);
  const [language, text] = CODE[index % CODE.length]?.(name, sentence(index, 5)) ?? ['', ''];
  return `\`\`\`${language}\n${text}\n\`\`\`\n\n\`\`\`sh\nnpm test -- --grep "${name}" && echo 'done'\n\`\`\`\n\n    indented ${name}\n`;
}

function math(index: number): string {
  return `${sentence(index, 4)}: $a_${index} = \\frac{n(n+1)}{2}$ costs $5, not $${index + 10}.\n\n$$\n\\int_0^{${index}} x^2 \\, dx = \\sum_{k=1}^{n} k\n$$\n`;
}

function quotes(index: number): string {
  return `> ${sentence(index, 10)}\n> ${sentence(index + 1, 6)}\n>\n> > ${sentence(index + 2, 5)}\n\n---\n`;
}

function hostile(index: number): string {
  return `Text that wants to be markup: <b>${word(index)}</b> <script>document.title = 'owned by ${word(index)}'</script> <img src=x onerror="document.title='owned'"> [click](javascript:document.title='owned') &lt;i&gt; &amp; <style>body{display:none}</style>\n`;
}

function links(index: number): string {
  return `See [${sentence(index, 2)}](https://example.com/${word(index)}?q=1&r=2 "${word(index + 1)}"), <https://example.com/${index}>, https://example.com/bare and ![${word(index)}](${PICTURE}).\n\nHard  \nbreak, ~~${word(index)}~~, H~2~O, a_b_c.\n`;
}

function word(index: number): string {
  return WORDS[index % WORDS.length] ?? '';
}

function sentence(seed: number, length: number): string {
  const words = Array.from({ length }, (_, n) => word(seed * 5 + n * 7 + ((seed + n) % 3)));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
