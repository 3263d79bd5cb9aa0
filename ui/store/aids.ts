/** What helps to write a message beyond its text. Fetched after the page: the first paint waits for none of it. */
import type { Commands } from '../../shared/hub-api.ts';
import type { KeptFiles } from '../attachments/keeping.ts';
import { createAttachments, type Attachments, type AttachmentsDeps } from './attachments.ts';
import { createHistory, type History } from './history.ts';
import { createMentions, type Mentions } from './mentions.ts';

export interface Aids {
  readonly attachments: Attachments;
  readonly mentions: Mentions;
  readonly history: History;
}

export interface AidsDeps extends Pick<AttachmentsDeps, 'env' | 'who'> {
  commands: Pick<Commands, 'takes' | 'files'>;
  /** The browser's database of files. */
  kept: KeptFiles;
  randomId(): string;
}

export function createAids({ commands, ...deps }: AidsDeps): Aids {
  return {
    attachments: createAttachments({
      ...deps,
      commands,
      loadReader: async () => (await import('../attachments/read-file.ts')).readFile,
    }),
    mentions: createMentions({ commands }),
    history: createHistory(),
  };
}
