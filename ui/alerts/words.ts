/** An alert in words: the body of a notification. */
import type { Alert } from '../../shared/alerts.ts';

/** Says what happened and, where it is known, to what. */
export function alertWords(alert: Alert): string {
  if (alert.kind === 'request') {
    const { kind, title } = alert.ask;
    const needs = kind === 'permission' ? 'Needs your approval' : 'Needs your answer';
    return title === '' ? needs : `${needs}: ${title}`;
  }
  const { reason, message } = alert.end;
  switch (reason) {
    case 'end_turn':
      return 'Finished';
    case 'failed':
      return message === '' ? 'Failed' : `Failed: ${message}`;
    case 'interrupted':
      return 'Interrupted: tabcast was stopped';
    case 'refusal':
      return 'The agent refused to go on';
    case 'max_tokens':
    case 'max_turn_requests':
      return 'Stopped at a limit of the agent';
    case 'cancelled':
    case 'removed':
      return 'Stopped';
  }
}
