/** What a page needs some time after it began: fetched once it is shown, so that nobody waits for it. */
import type { ComponentType } from 'preact';
import { lazily } from './lazily.tsx';
import type { QuestionProps } from './question.tsx';
import type { QueueProps } from './queue.tsx';

const question = lazily(async () => (await import('./question.tsx')).QuestionCard);
const queue = lazily(async () => (await import('./queue.tsx')).Queue);
const rowMenu = lazily(async () => (await import('./row-menu.tsx')).RowMenu);

export const QuestionCard: ComponentType<QuestionProps> = question.Part;
export const Queue: ComponentType<QueueProps> = queue.Part;
export const RowMenu = rowMenu.Part;

export function loadLater(): void {
  for (const { load } of [question, queue, rowMenu]) void load();
}
