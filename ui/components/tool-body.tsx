/** What a tool call is about: content, places, raw input and output. Also inside a permission. */
import type { ToolCall, ToolCallContent } from '@agentclientprotocol/sdk';
import { unreachable } from '../../shared/errors.ts';
import { ContentBlockView } from './content-block.tsx';
import { DiffView } from './diff-view.tsx';
import { Output } from './output.tsx';
import { TerminalView } from './terminal-view.tsx';

interface Props {
  call: Partial<ToolCall>;
  /** Names the card it is in; its own are named after it. */
  card: string;
}

export function ToolBody({ call, card }: Props) {
  const { content = [], locations = [], rawInput, rawOutput, title, kind } = call;
  const written = terminalOutput(call);
  const command = commandOf(rawInput);
  const said = content.length > 0 || written !== null;
  const empty = !said && locations.length === 0 && rawInput == null && rawOutput == null;
  return (
    <div class="tool-body">
      {command === null || command === title ? null : (
        <Output text={command} label="Command" what="the command" />
      )}
      {content.map((item, at) => (
        <ToolContent key={at} item={item} kind={kind} />
      ))}
      {written === null ? null : <TerminalView text={written} />}
      {locations.length === 0 ? null : (
        <ul class="tool-places" aria-label="Files">
          {locations.map(({ path, line }, at) => (
            <li key={at}>
              <code>{line == null ? path : `${path}:${line}`}</code>
            </li>
          ))}
        </ul>
      )}
      <Raw label="Input" value={rawInput} card={card} />
      <Raw label="Output" value={rawOutput} card={card} />
      {empty ? <p class="hint">The agent told nothing more about it.</p> : null}
    </div>
  );
}

function ToolContent({ item, kind }: { item: ToolCallContent; kind: ToolCall['kind'] }) {
  switch (item.type) {
    case 'content': {
      if (item.content.type !== 'text') return <ContentBlockView block={item.content} />;
      const text = withoutFence(item.content.text);
      return kind === 'execute' || isTerminal(text) ? (
        <TerminalView text={text} />
      ) : (
        <Output text={text} what="the output" />
      );
    }
    case 'diff':
      return <DiffView path={item.path} oldText={item.oldText ?? null} newText={item.newText} />;
    case 'terminal':
      return <p class="hint">Output of the terminal {item.terminalId}.</p>;
    default:
      return unreachable(item);
  }
}

const isTerminal = (text: string): boolean => text.includes('\u001B[') || /\r(?!\n)/.test(text);

/** Some agents wrap what a program wrote as a block of code. */
function withoutFence(text: string): string {
  return /^\s*(```+)[\w-]*\n([\s\S]*?)\n?\1\s*$/.exec(text)?.[2] ?? text;
}

/** Some agents send what a terminal showed beside the content, also to clients that offer none. */
function terminalOutput({ _meta }: Partial<ToolCall>): string | null {
  const output: unknown = _meta?.['terminal_output'];
  if (typeof output === 'string') return output;
  if (typeof output !== 'object' || output === null || !('data' in output)) return null;
  return typeof output.data === 'string' ? output.data : null;
}

/** The command of a shell call, by what agents call it. */
function commandOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null || !('command' in input)) return null;
  const { command } = input;
  if (typeof command === 'string') return command;
  return Array.isArray(command) && command.every((word) => typeof word === 'string')
    ? command.join(' ')
    : null;
}

function Raw({ label, value, card }: { label: string; value: unknown; card: string }) {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <details class="fold" data-card={`${card} ${label}`}>
      <summary>{label}</summary>
      <Output text={text} what={label === 'Input' ? 'the input' : 'the raw output'} />
    </details>
  );
}
