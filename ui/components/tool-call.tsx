/** A tool call: a compact line, the rest on demand. https://agentclientprotocol.com/protocol/v1/tool-calls */
import type { ToolCall, ToolCallContent, ToolCallStatus } from '@agentclientprotocol/sdk';
import { unreachable } from '../../shared/errors.ts';
import { ContentBlockView } from './content-block.tsx';
import { diffLines } from './diff-lines.ts';

const STATUS: Record<ToolCallStatus, string> = {
  pending: 'waiting',
  in_progress: 'running',
  completed: 'done',
  failed: 'failed',
};

/** @param live whether its turn runs: a call without an end in a turn that is over did not finish */
export function ToolCallView({ call, live }: { call: ToolCall; live: boolean }) {
  const { title, kind, status = 'pending' } = call;
  const over = status === 'completed' || status === 'failed';
  const word = over || live ? STATUS[status] : 'not finished';
  return (
    <details class="tool" data-status={over || live ? status : 'failed'}>
      <summary>
        <span class="tool-title">{title}</span>
        {kind === undefined ? null : <span class="tool-kind">{kind.replaceAll('_', ' ')}</span>}
        <span class="tool-status">
          <span class="dot" aria-hidden="true" />
          {word}
        </span>
      </summary>
      <ToolCallBody call={call} />
    </details>
  );
}

/** What a tool call is about: content, places, raw input and output. Also inside a permission. */
export function ToolCallBody({ call }: { call: Partial<ToolCall> }) {
  const { content = [], locations = [], rawInput, rawOutput } = call;
  const empty = content.length + locations.length === 0 && rawInput == null && rawOutput == null;
  return (
    <div class="tool-body">
      {content.map((item, at) => (
        <ToolContent key={at} item={item} />
      ))}
      {locations.length === 0 ? null : (
        <ul class="tool-places" aria-label="Files">
          {locations.map(({ path, line }, at) => (
            <li key={at}>
              <code>{line == null ? path : `${path}:${line}`}</code>
            </li>
          ))}
        </ul>
      )}
      <Raw label="Input" value={rawInput} />
      <Raw label="Output" value={rawOutput} />
      {empty ? <p class="hint">The agent told nothing more about it.</p> : null}
    </div>
  );
}

function ToolContent({ item }: { item: ToolCallContent }) {
  switch (item.type) {
    case 'content':
      return item.content.type === 'text' ? (
        <pre>{item.content.text}</pre>
      ) : (
        <ContentBlockView block={item.content} />
      );
    case 'diff':
      return (
        <figure class="diff">
          <figcaption>
            <code>{item.path}</code>
          </figcaption>
          <pre>
            {diffLines(item.oldText ?? '', item.newText).map(({ kind, text }, at) => (
              <span key={at} class={`diff-${kind}`}>
                {`${SIGN[kind]} ${text}\n`}
              </span>
            ))}
          </pre>
        </figure>
      );
    case 'terminal':
      return <p class="hint">Output of the terminal {item.terminalId}.</p>;
    default:
      return unreachable(item);
  }
}

const SIGN = { same: ' ', old: '-', new: '+' } as const;

function Raw({ label, value }: { label: string; value: unknown }) {
  if (value === undefined || value === null) return null;
  return (
    <details class="fold">
      <summary>{label}</summary>
      <pre>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}
