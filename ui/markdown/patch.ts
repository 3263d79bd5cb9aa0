/** Makes an element's content another's, and leaves alone what is the same: a selection in it stays where it is. */

/** `wanted` is used up: what is new in it moves over. */
export function patchChildren(element: Element, wanted: Element | DocumentFragment): void {
  patchNodes(element, [...element.childNodes], [...wanted.childNodes]);
}

/** @param before the last children of `parent`, or none @param after what they become */
export function patchNodes(
  parent: Element,
  before: readonly ChildNode[],
  after: readonly ChildNode[],
): void {
  after.forEach((next, at) => {
    const now = before[at];
    if (now === undefined) parent.append(next);
    else if (!now.isEqualNode(next)) patchNode(now, next);
  });
  for (const gone of before.slice(after.length)) gone.remove();
}

function patchNode(now: ChildNode, next: ChildNode): void {
  if (now instanceof Text && next instanceof Text) {
    patchText(now, next.data);
  } else if (now instanceof Element && next instanceof Element && isAlike(now, next)) {
    patchChildren(now, next);
  } else {
    now.replaceWith(next);
  }
}

/** The same tag with the same attributes. */
function isAlike(now: Element, next: Element): boolean {
  return now.cloneNode(false).isEqualNode(next.cloneNode(false));
}

/** Only from the first character on that differs, so that ranges before it hold. */
export function patchText(text: Text, data: string): void {
  // Read once: it is the browser's, and not a string of the script.
  const now = text.data;
  if (data.slice(0, now.length) === now) {
    if (data.length > now.length) text.appendData(data.slice(now.length));
    return;
  }
  const most = Math.min(now.length, data.length);
  let same = 0;
  while (same < most && now.charCodeAt(same) === data.charCodeAt(same)) same += 1;
  text.replaceData(same, now.length - same, data.slice(same));
}
