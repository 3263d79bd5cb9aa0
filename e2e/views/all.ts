import { AGENT_VIEWS } from './agents.ts';
import { CONNECTION_VIEWS } from './connection.ts';
import { DIALOG_VIEWS } from './dialogs.ts';
import { FRAME_VIEWS } from './frame.ts';
import { SESSION_VIEWS } from './sessions.ts';
import type { View } from './view.ts';

/** Every view and state of the page that a test can bring about. */
export const VIEWS: readonly View[] = [
  ...FRAME_VIEWS,
  ...DIALOG_VIEWS,
  ...SESSION_VIEWS,
  ...AGENT_VIEWS,
  ...CONNECTION_VIEWS,
];
