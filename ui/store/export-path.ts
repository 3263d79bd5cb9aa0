import type { ExportFormat } from '../../shared/commands.ts';

/** Where a session is had as a file. */
export const exportPath = (sessionId: string, kind: ExportFormat): string =>
  `/api/sessions/${sessionId}/export?format=${kind}`;
