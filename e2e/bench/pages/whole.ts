/** The baseline of the streaming bench: the answer rendered whole per chunk, as a page without any care does it. */
import DOMPurify from 'dompurify';
import { marked } from 'marked';

const article = document.body.appendChild(document.createElement('article'));

/** One chunk every `ms`, or as fast as they can be rendered. */
async function renderWhole(chunks: readonly string[], ms: number): Promise<void> {
  let text = '';
  const began = performance.now();
  for (const [n, chunk] of chunks.entries()) {
    text += chunk;
    article.innerHTML = DOMPurify.sanitize(await marked.parse(text));
    const due = began + (n + 1) * ms;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
}

declare global {
  var renderWhole: (chunks: readonly string[], ms: number) => Promise<void>;
}
globalThis.renderWhole = renderWhole;
export type RenderWhole = typeof renderWhole;
