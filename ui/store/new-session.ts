/** What a session begins with: which agent, in which folder. Null is the server's default. */
import type { AgentInfo, FolderList } from '../../shared/api.ts';
import type { CreateSessionInput } from '../../shared/commands.ts';
import type { Row } from '../../shared/row.ts';

export interface Beginning {
  agent: string | null;
  cwd: string | null;
}

/** What is attached to a first message, in place of a session's log: it is of this tab alone, as its text. */
export const FIRST_BOX = 'first';

export const DEFAULTS: Beginning = { agent: null, cwd: null };

/** As the server takes it: what is left to it is left out. */
export function inputOf({ agent, cwd }: Beginning): CreateSessionInput {
  return { ...(agent === null ? {} : { agent }), ...(cwd === null ? {} : { cwd }) };
}

/** The one that a session gets; undefined before the agents are known, and where there are none. */
export function agentOf(
  agents: readonly AgentInfo[],
  chosen: string | null,
): AgentInfo | undefined {
  return agents.find(({ id }) => id === chosen) ?? agents.find((one) => one.default) ?? agents[0];
}

/** What is typed, as a folder; null: the default. */
export function folderOf(typed: string): string | null {
  const path = typed.trim();
  return path === '' ? null : path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
}

/** How many folders of earlier sessions are offered. */
const MOST_RECENT = 5;

export interface Offer {
  path: string;
  /** A session works or worked there. */
  recent: boolean;
}

/**
 * What the folder field offers: folders of earlier sessions first, the latest before; then what the server knows.
 * @param typed as it is in the field
 * @param told the server's answer, and what it was asked for: of one for an earlier text only what still fits is offered
 */
export function offersOf(
  typed: string,
  rows: readonly Row[],
  told: { asked: string; list: FolderList } | null,
): Offer[] {
  const wanted = typed.trim().toLowerCase();
  const used = new Set<string>();
  for (const { cwd } of rows) {
    if (used.size === MOST_RECENT) break;
    if (cwd.toLowerCase().includes(wanted) && cwd.toLowerCase() !== wanted) used.add(cwd);
  }
  const known = (told?.list.folders ?? []).filter((path) => {
    const fits = told?.asked === typed.trim() || path.toLowerCase().includes(wanted);
    return fits && !used.has(path) && path !== typed;
  });
  return [
    ...[...used].map((path) => ({ path, recent: true })),
    ...known.map((path) => ({ path, recent: false })),
  ];
}
