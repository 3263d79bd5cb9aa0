/** What a text that grows needs beyond one that is there: fetched after the page, for a first look does without it. */
export { grows, isOpenCode, resumeOf } from './grow.ts';
export { createMarkup } from './markup.ts';
export { createTextEnd } from './text-end.ts';
