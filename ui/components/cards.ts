/**
 * What stands in a transcript besides texts and closed cards, in one piece that is fetched when it is first shown. In pieces
 * of their own they would make the page's first script be cut up for them, which costs every visit more.
 */
export { ContentBlockView } from './content-block.tsx';
export { PermissionCard } from './permission.tsx';
export { PlanLine, PlanView } from './plan.tsx';
export { QuestionCard } from './question.tsx';
export { SendingLines } from './sending-lines.tsx';
export { SentFiles } from './sent-files.tsx';
export { ToolBody } from './tool-body.tsx';
export { TurnEndView } from './turn-end.tsx';
export { TurnTook } from './turn-took.tsx';
