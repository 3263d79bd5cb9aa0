/** Where a transcript will be: nothing was said yet, or it is on its way. */

/** A session without a turn. */
export function EmptyTranscript() {
  return (
    <div class="blank">
      <p class="blank-title">Nothing here yet</p>
      <p>Your first message starts a turn. It runs on the server, and every tab can watch it.</p>
    </div>
  );
}

/** Bars in the shape of messages; seen only by those who wait for longer than a blink (transcript.css). */
export function LoadingTranscript() {
  return (
    <div class="transcript loading">
      <p class="unseen">Loading…</p>
      <div class="column" aria-hidden="true">
        <span class="bar asked" />
        <span class="bar" />
        <span class="bar" />
        <span class="bar short" />
        <span class="bar asked" />
        <span class="bar" />
        <span class="bar short" />
      </div>
    </div>
  );
}
