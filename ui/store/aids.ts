/** What helps to write a message beyond its text. Fetched after the page: the first paint waits for none of it. */
import type { Commands } from '../../shared/hub-api.ts';
import { createAttachments, type Attachments } from './attachments.ts';
import { createHistory, type History } from './history.ts';
import { createMentions, type Mentions } from './mentions.ts';

export interface Aids {
  readonly attachments: Attachments;
  readonly mentions: Mentions;
  readonly history: History;
}

export interface AidsDeps {
  commands: Pick<Commands, 'takes' | 'files'>;
  randomId(): string;
}

export function createAids({ commands, randomId }: AidsDeps): Aids {
  return {
    attachments: createAttachments({
      commands,
      randomId,
      loadReader: async () => (await import('../attachments/read-file.ts')).readFile,
    }),
    mentions: createMentions({ commands }),
    history: createHistory(),
  };
}
