/** Finds elements as assistive technology and the end-to-end tests do: by role and name (DESIGN: what the page exposes). */

const IMPLICIT: Record<string, string> = {
  a: 'link',
  article: 'article',
  button: 'button',
  dialog: 'dialog',
  form: 'form',
  h1: 'heading',
  h2: 'heading',
  li: 'listitem',
  main: 'main',
  nav: 'navigation',
  select: 'combobox',
  textarea: 'textbox',
  ul: 'list',
};
const INPUTS: Record<string, string> = {
  checkbox: 'checkbox',
  number: 'spinbutton',
  radio: 'radio',
  search: 'searchbox',
};

function roleOf(element: Element): string {
  const explicit = element.getAttribute('role');
  if (explicit !== null) return explicit;
  const tag = element.tagName.toLowerCase();
  if (tag === 'input') return INPUTS[element.getAttribute('type') ?? ''] ?? 'textbox';
  return IMPLICIT[tag] ?? '';
}

/** A part of the name computation: aria-label, aria-labelledby, a label element, the text. */
function nameOf(element: Element): string {
  const label = element.getAttribute('aria-label');
  if (label !== null) return label;
  const by = element.getAttribute('aria-labelledby');
  const heading = by === null ? null : element.ownerDocument.getElementById(by);
  if (heading !== null) return textOf(heading);
  const id = element.getAttribute('id');
  const labelled = id === null ? null : element.ownerDocument.querySelector(`label[for="${id}"]`);
  const source = labelled ?? element.closest('label') ?? element;
  return textOf(source);
}

/** The text with a space wherever an element begins or ends, as a screen reader makes a pause there. */
export function textOf(element: Element): string {
  const collect = (node: Node): string =>
    node instanceof Text ? node.data : ` ${[...node.childNodes].map(collect).join('')} `;
  return collect(element).replace(/\s+/g, ' ').trim();
}

/** All of that role, and of that name if one is given, in document order. */
export function all(root: Element, role: string, name?: string | RegExp): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('*')].filter((element) => {
    if (roleOf(element) !== role) return false;
    if (name === undefined) return true;
    return typeof name === 'string' ? nameOf(element) === name : name.test(nameOf(element));
  });
}

/** The only one. @throws Error when there is none, or more than one */
export function one(root: Element, role: string, name?: string | RegExp): HTMLElement {
  const found = all(root, role, name);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} elements with role ${role} and name ${String(name)}`);
  }
  return only;
}
