/** Which Node runs tabcast. Parses on any Node with modules, and imports nothing. */
const NEEDED = [20, 19];

/** @param {string} version like '20.19.0' */
function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** @returns {string | null} what to tell the person whose Node is too old */
export function nodeTooOld() {
  const { node } = process.versions;
  if (isNewEnough(node)) return null;
  return `tabcast needs Node ${NEEDED.join('.')} or newer; this is ${node}. Get a newer one from https://nodejs.org.`;
}
