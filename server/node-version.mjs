/** Which Node runs tabcast. Parses on any Node with modules, and imports nothing. */
const NEEDED = { major: 20, minor: 19 };

/** @param {string} version like '20.19.0' */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor);
}

/** @returns {string | null} what to tell the person whose Node is too old */
export function nodeTooOld() {
  const { node } = process.versions;
  if (isNewEnough(node)) return null;
  return `tabcast needs Node ${NEEDED.major}.${NEEDED.minor} or newer; this is ${node}. Get a newer one from https://nodejs.org.`;
}
