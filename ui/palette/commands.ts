/** What can be done from anywhere on the page, by a shortcut or in the palette. What it is about it takes from the address. */
import type { ExportFormat } from '../../shared/commands.ts';
import { isUnread, type Row } from '../../shared/row.ts';
import type { Theme } from '../env.ts';
import { exportPath } from '../store/export-path.ts';
import { sessionPath } from '../store/route.ts';
import { THEMES } from '../store/shell.ts';
import type { Store } from '../store/store.ts';

export type CommandId =
  | 'palette'
  | 'shortcuts'
  | 'new'
  | 'new-in'
  | 'home'
  | 'hub'
  | 'next'
  | 'previous'
  | 'needs-you'
  | 'message'
  | 'stop'
  | 'rename'
  | 'pin'
  | 'unread'
  | 'archive'
  | 'export-markdown'
  | 'export-json'
  | 'theme-light'
  | 'theme-dark'
  | 'theme-system'
  | 'sign-out';

const THEME_WORDS: Record<Theme, string> = {
  light: 'Light theme',
  dark: 'Dark theme',
  system: 'Theme of the system',
};

export interface PageCommand {
  readonly id: CommandId;
  readonly title: string;
  run(): void;
}

/** What the store, being free of the DOM, can't do. */
export interface CommandEnv {
  /** As soon as it is there. */
  focusMessage(): void;
  download(path: string): void;
  /** A new title for that session, where one can be asked for. */
  rename?(row: Row): void;
}

/** Those that make sense now, in the order in which they are listed. */
export function commandsOf(store: Store, env: CommandEnv): PageCommand[] {
  const { router, rows, actions, dialog } = store;
  const row = store.paneRow.peek();
  const route = router.route.peek();
  const go = (path: string) => {
    router.navigate(path);
    if (path !== '/' && path !== '/hub') env.focusMessage();
  };
  const commands: PageCommand[] = [];
  const add = (id: CommandId, title: string, run: () => void) => commands.push({ id, title, run });

  if (row !== undefined) {
    const session = { sessionId: row.id, logId: row.logId };
    const { activeTurnId, readMark, endedSeq: readSeq } = row;
    const change = (patch: Parameters<typeof actions.patch>[1]) =>
      void actions.patch(session, patch);
    if (activeTurnId !== null && row.status !== 'cancelling') {
      add('stop', 'Stop this turn', () => void actions.cancel(session, activeTurnId));
    }
    add('message', 'Write a message', env.focusMessage);
    const { rename } = env;
    if (rename !== undefined) add('rename', 'Rename this session', () => rename(row));
    add('pin', row.pinned ? 'Unpin this session' : 'Pin this session', () =>
      change({ pinned: !row.pinned }),
    );
    if (isUnread(row)) add('unread', 'Mark this session read', () => change({ readSeq, readMark }));
    else add('unread', 'Mark this session unread', () => change({ unread: true }));
    add('archive', row.archived ? 'Bring this session back' : 'Archive this session', () =>
      change({ archived: !row.archived }),
    );
    const download = (kind: ExportFormat) => () => env.download(exportPath(row.id, kind));
    add('export-markdown', 'Export this session as Markdown', download('markdown'));
    add('export-json', 'Export this session as JSON', download('json'));
  }
  add('new', 'New session', () => {
    void actions.create({}).then((made) => made !== null && go(sessionPath(made.id)));
  });
  add('new-in', 'New session: choose agent and folder', () => {
    dialog.value = 'new-session';
  });
  const order = sessionOrder(rows.sorted.peek());
  const at = order.findIndex(({ logId }) => logId === row?.logId);
  const step = (by: 1 | -1, fits: (one: Row) => boolean) => {
    const found = nextOf(order, at, by, fits);
    return found === null ? null : () => go(sessionPath(found.id));
  };
  const needing = step(1, ({ status, logId }) => status === 'waiting' && logId !== row?.logId);
  if (needing !== null) add('needs-you', 'Go to the next session that needs you', needing);
  const next = step(1, () => true);
  if (next !== null) add('next', 'Next session', next);
  const previous = step(-1, () => true);
  if (previous !== null) add('previous', 'Previous session', previous);
  if (route.kind !== 'home') add('home', 'Go home', () => go('/'));
  add('hub', 'Open the hub', () => go('/hub'));
  const { shell } = store;
  for (const theme of THEMES) {
    if (theme === shell.theme.peek()) continue;
    add(`theme-${theme}`, THEME_WORDS[theme], () => shell.chooseTheme(theme));
  }
  add('shortcuts', 'Show the shortcuts', () => {
    dialog.value = 'shortcuts';
  });
  add('sign-out', 'Sign out', () => void store.signIn.leave());
  return commands;
}

/** As the sidebar has them: the pinned first; without what was put away. */
export function sessionOrder(sorted: readonly Row[]): Row[] {
  const kept = sorted.filter(({ archived }) => !archived);
  return [...kept.filter(({ pinned }) => pinned), ...kept.filter(({ pinned }) => !pinned)];
}

/** From there on, and from the other end. @param at -1: from outside of the list */
export function nextOf(
  order: readonly Row[],
  at: number,
  by: 1 | -1,
  fits: (row: Row) => boolean,
): Row | null {
  const { length } = order;
  const begin = at === -1 && by === -1 ? 0 : at;
  for (let n = 1; n <= length; n += 1) {
    const row = order[(((begin + by * n) % length) + length) % length];
    if (row !== undefined && fits(row)) return row;
  }
  return null;
}
