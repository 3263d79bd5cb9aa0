/** A session as a document for people. What tools and agents wrote stays inside of its place. */
import type { PlanEntry, ToolCall, ToolCallContent } from '@agentclientprotocol/sdk';
import { unreachable } from '../../shared/errors.ts';
import type { ContentBlock, RequestBody, RequestOutcome } from '../../shared/events.ts';
import type { Part, QueuedPrompt, Turn, TurnEnd } from '../../shared/state.ts';
import { codeSpan, embedded, fenced, folded, inline, quoted } from './markdown-text.ts';
import type { ExportHead } from './session-export.ts';

const join = (blocks: readonly string[]) => blocks.filter((block) => block !== '').join('\n\n');

/** The title, and what there is to know of the session before its first message. */
export function markdownHead({ row, agent, at, unfinished, queue }: ExportHead): string {
  const facts = [
    `- Agent: ${inline(agent)}`,
    `- Folder: ${codeSpan(row.cwd)}`,
    `- Begun: ${time(row.createdAt)}`,
    `- Last change: ${time(row.updatedAt)}`,
    `- Exported from tabcast: ${time(at)}`,
  ];
  if (unfinished !== null) {
    facts.push('- **Unfinished**: the last turn still ran when this was exported.');
  }
  if (queue.length > 0) facts.push(`- Not sent yet: ${queue.length}, at the end`);
  return `${join([`# ${inline(row.title) || 'Untitled'}`, facts.join('\n')])}\n`;
}

/** Begins with a blank line. */
export function markdownTurn(turn: Turn): string {
  const blocks = [
    `## ${turn.ordinal + 1}. You, ${time(turn.startedAt)}`,
    ...turn.prompt.map(promptBlock),
    '### Agent',
    ...turn.parts.map((part) => partText(part, turn.end === null)),
    ...endText(turn.end),
  ];
  return `\n${join(blocks)}\n`;
}

/** What was not sent when the session was exported; nothing when there is none. */
export function markdownQueue(queue: readonly QueuedPrompt[]): string {
  if (queue.length === 0) return '';
  const blocks = queue.flatMap(({ prompt, at }) => [
    `### You, ${time(at)}`,
    ...prompt.map(promptBlock),
  ]);
  return `\n${join(['## Not sent yet', ...blocks])}\n`;
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function promptBlock(block: ContentBlock): string {
  return block.type === 'text' ? quoted(block.text) : contentText(block);
}

function partText(part: Part, live: boolean): string {
  switch (part.kind) {
    case 'text':
      return embedded(part.text);
    case 'thought':
      return folded('Thought', quoted(part.text));
    case 'content':
      return contentText(part.block);
    case 'tool':
      return toolText(part.call, live);
    case 'plan':
      return planText(part.entries);
    case 'notice': {
      const { title, description } = part.notice;
      return `**${inline(title)}**${description == null ? '' : ` ${inline(description)}`}`;
    }
    case 'request':
      return requestText(part.request, part.outcome, live);
    default:
      return unreachable(part);
  }
}

function contentText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return embedded(block.text);
    case 'image':
    case 'audio': {
      const size = Math.round((block.data.length * 3) / 4 / 1024);
      const what = block.type === 'image' ? 'A picture' : 'A sound';
      return `*${what} (${inline(block.mimeType)}, ${size} kB), which the JSON export has.*`;
    }
    case 'resource_link':
      return `${inline(block.title ?? block.name)}: ${codeSpan(block.uri)}`;
    case 'resource': {
      const { resource } = block;
      const body = 'text' in resource ? fenced(resource.text) : '*Binary content.*';
      return folded(resource.uri, body);
    }
    default:
      return unreachable(block);
  }
}

function toolText(call: ToolCall, live: boolean): string {
  const { title, kind, status = 'pending', content = [], locations = [] } = call;
  const over = status === 'completed' || status === 'failed';
  const word = over ? status : live ? 'running' : 'not finished';
  const facts = [...(kind === undefined ? [] : [kind.replaceAll('_', ' ')]), word].join(', ');
  const body = [
    locations
      .map(({ path, line }) => `- ${codeSpan(line == null ? path : `${path}:${line}`)}`)
      .join('\n'),
    raw('Input', call.rawInput),
    ...content.map(toolContent),
    raw('Output', call.rawOutput),
  ];
  return folded(`Tool: ${title} (${facts})`, join(body));
}

function toolContent(item: ToolCallContent): string {
  switch (item.type) {
    case 'content':
      return item.content.type === 'text' ? fenced(item.content.text) : contentText(item.content);
    case 'diff': {
      const old = item.oldText == null ? '' : lines('-', item.oldText);
      return join([codeSpan(item.path), fenced(`${old}${lines('+', item.newText)}`, 'diff')]);
    }
    case 'terminal':
      return `Terminal ${codeSpan(item.terminalId)}`;
    default:
      return unreachable(item);
  }
}

function lines(sign: string, text: string): string {
  return text.replace(/\n$/, '').replace(/^/gm, sign) + '\n';
}

function raw(label: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? fenced(value) : json(value);
  return `${label}:\n\n${text}`;
}

function json(value: unknown): string {
  return fenced(JSON.stringify(value, null, 2), 'json');
}

function planText(entries: readonly PlanEntry[]): string {
  const line = ({ content, status }: PlanEntry) =>
    `- [${status === 'completed' ? 'x' : ' '}] ${inline(content)}${status === 'in_progress' ? ' (under way)' : ''}`;
  return join(['Plan:', entries.map(line).join('\n')]);
}

function requestText(request: RequestBody, outcome: RequestOutcome | null, live: boolean): string {
  const asked =
    request.kind === 'permission'
      ? `**Permission** ${inline(request.toolCall.title ?? 'for a tool')}`
      : `**Question** ${inline(request.message)}`;
  return join([`${asked}: ${answerWord(request, outcome, live)}`, answerForm(outcome)]);
}

function answerWord(request: RequestBody, outcome: RequestOutcome | null, live: boolean): string {
  if (outcome === null) return live ? 'waits for an answer' : 'not answered';
  if ('outcome' in outcome) {
    if (!('optionId' in outcome)) return 'not answered';
    const options = request.kind === 'permission' ? request.options : [];
    const chosen = options.find(({ optionId }) => optionId === outcome.optionId);
    return inline(chosen?.name ?? 'answered');
  }
  switch (outcome.action) {
    case 'accept':
      return 'answered';
    case 'decline':
      return 'declined';
    default:
      return 'not answered';
  }
}

function answerForm(outcome: RequestOutcome | null): string {
  if (outcome === null || !('action' in outcome) || outcome.action !== 'accept') return '';
  const content: unknown = 'content' in outcome ? outcome.content : null;
  return content === null || content === undefined ? '' : json(content);
}

function endText(end: TurnEnd | null): string[] {
  if (end === null) return ['*Unfinished: this turn still ran when this was exported.*'];
  const error =
    end.error === null
      ? []
      : [
          `**Error** ${inline(end.error.message)}`,
          end.error.detail === undefined ? '' : folded('Details', fenced(end.error.detail)),
        ];
  const word = endWord(end.reason);
  return [...error, word === null ? '' : `*${word}*`];
}

/** Null for an ordinary end. */
function endWord(reason: TurnEnd['reason']): string | null {
  switch (reason) {
    case 'end_turn':
      return null;
    case 'cancelled':
      return 'Stopped.';
    case 'max_tokens':
      return 'Ended at the agent’s token limit.';
    case 'max_turn_requests':
      return 'Ended at the agent’s limit of model requests.';
    case 'refusal':
      return 'The agent refused to go on.';
    case 'failed':
      return 'The agent failed.';
    case 'interrupted':
      return 'Interrupted: tabcast was stopped.';
    case 'removed':
      return 'Removed.';
    default:
      return unreachable(reason);
  }
}
