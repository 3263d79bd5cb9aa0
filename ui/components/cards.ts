/**
 * What opened cards and requests are made of, in one piece: a session that only has text fetches none of it. In pieces
 * of their own they would make the page's first script be cut up for them, which costs every visit more.
 */
export { PermissionCard } from './permission.tsx';
export { QuestionCard } from './question.tsx';
export { ToolBody } from './tool-body.tsx';
