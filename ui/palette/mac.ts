/** Whether this is a Mac, whose shortcuts are made with another key. */
export function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform);
}
