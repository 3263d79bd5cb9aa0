/** Commands that wait for a person. */
import type {
  ElicitationContentValue,
  PermissionOption,
  RequestPermissionOutcome,
} from '@agentclientprotocol/sdk';
import type { Turn } from './turn.ts';

const OPTIONS: PermissionOption[] = [
  { optionId: 'allow-once', name: 'Allow once', kind: 'allow_once' },
  { optionId: 'allow-always', name: 'Always allow', kind: 'allow_always' },
  { optionId: 'reject-once', name: 'Reject', kind: 'reject_once' },
];

export async function permission(turn: Turn): Promise<void> {
  const toolCallId = turn.toolCallId();
  const command = 'rm -rf ./build';
  await turn.speak('I would like to clean up. ');
  await turn.update({
    sessionUpdate: 'tool_call',
    toolCallId,
    title: command,
    kind: 'execute',
    status: 'pending',
    rawInput: { command, cwd: turn.cwd },
  });
  const outcome = await turn.permission(
    { toolCallId, title: command, kind: 'execute', status: 'pending', rawInput: { command } },
    OPTIONS,
  );
  const allowed = isAllowed(outcome);
  await turn.update({
    sessionUpdate: 'tool_call_update',
    toolCallId,
    status: allowed ? 'completed' : 'failed',
    ...(allowed
      ? {
          content: [
            {
              type: 'content',
              content: { type: 'text', text: 'Nothing was removed: this is a demo.' },
            },
          ],
        }
      : {}),
  });
  await turn.speak(inWords(outcome));
}

function isAllowed(outcome: RequestPermissionOutcome): boolean {
  return outcome.outcome === 'selected' && outcome.optionId !== 'reject-once';
}

function inWords(outcome: RequestPermissionOutcome): string {
  if (outcome.outcome === 'cancelled') return 'The question was cancelled, so I left it.';
  const chosen = OPTIONS.find(({ optionId }) => optionId === outcome.optionId);
  return `You chose: ${chosen?.name ?? outcome.optionId}.`;
}

export async function question(turn: Turn): Promise<void> {
  if (!turn.canAsk) return turn.speak('I would ask you, but this client shows no forms.');
  await turn.speak('I need to know a few things. ');
  const answer = await turn.question('How shall the release be made?', {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        title: 'Name',
        description: 'What to call it',
        minLength: 1,
        maxLength: 80,
      },
      channel: {
        type: 'string',
        title: 'Channel',
        oneOf: [
          { const: 'stable', title: 'Stable' },
          { const: 'beta', title: 'Beta' },
          { const: 'nightly', title: 'Nightly' },
        ],
        default: 'stable',
      },
      announce: { type: 'boolean', title: 'Announce it', default: false },
      percent: {
        type: 'integer',
        title: 'Share of users in percent',
        minimum: 1,
        maximum: 100,
        default: 10,
      },
    },
    required: ['name', 'channel'],
  });
  if (answer.action === 'accept') {
    const content = (answer.content ?? {}) as Record<string, ElicitationContentValue>;
    const lines = Object.entries(content).map(([field, value]) => `- ${field}: ${String(value)}`);
    return turn.speak(`You answered:\n\n${lines.join('\n')}\n`);
  }
  return turn.speak(
    answer.action === 'decline' ? 'You declined to answer.' : 'The question was cancelled.',
  );
}
