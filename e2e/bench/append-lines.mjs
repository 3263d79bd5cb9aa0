/** The lines of a bench's agent: text deltas that are counted and timed. */

/** Milliseconds since the epoch, and parts of them. */
export function clock() {
  return performance.timeOrigin + performance.now();
}

/**
 * One ACP text delta, of about the size of a word: its number, and when it was written.
 * @param {string} sessionId
 * @param {number} n
 */
export function numbered(sessionId, n) {
  return `{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"${sessionId}","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"${n}@${clock().toFixed(1)} "}}}}\n`;
}
