/** Where a session is had as a file. */
export type ExportKind = 'markdown' | 'json';

export const exportPath = (sessionId: string, kind: ExportKind): string =>
  `/api/sessions/${sessionId}/export?format=${kind}`;
