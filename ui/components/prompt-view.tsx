/** What a person sent, in its order: texts, and what went with them. */
import type { ContentBlock } from '../../shared/events.ts';
import { memo } from '../memo.ts';
import { later } from './later.tsx';

const SentFiles = later(async () => (await import('./cards.ts')).SentFiles);

interface Props {
  prompt: readonly ContentBlock[];
}

export const PromptView = memo(function Prompt({ prompt }: Props) {
  return runsOf(prompt).map((run, at) =>
    run[0]?.type === 'text' ? (
      run.map((block, index) => (
        <p key={`${at} ${index}`} class="plain-text">
          {block.type === 'text' ? block.text : null}
        </p>
      ))
    ) : (
      <SentFiles key={at} blocks={run} />
    ),
  );
});

/** Texts that follow one another, and others that do. */
function runsOf(prompt: readonly ContentBlock[]): ContentBlock[][] {
  const runs: ContentBlock[][] = [];
  for (const block of prompt) {
    const run = runs.at(-1);
    if (run !== undefined && (run[0]?.type === 'text') === (block.type === 'text')) run.push(block);
    else runs.push([block]);
  }
  return runs;
}
