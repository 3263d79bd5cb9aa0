/** What helps to write a message beyond its text. Fetched after the page: the first paint waits for none of it. */
import type { Commands } from '../../shared/hub-api.ts';
import { keptFiles } from '../attachments/kept-files.ts';
import type { Env } from '../env.ts';
import { createAttachments, type Attachments, type AttachmentsDeps } from './attachments.ts';
import { createHistory, type History } from './history.ts';
import { createMentions, type Mentions } from './mentions.ts';

export interface Aids {
  readonly attachments: Attachments;
  readonly mentions: Mentions;
  readonly history: History;
}

export interface AidsDeps extends Pick<AttachmentsDeps, 'who'> {
  env: AttachmentsDeps['env'] & Pick<Env, 'keptFiles'>;
  commands: Pick<Commands, 'takes' | 'agentTakes' | 'files'>;
  randomId(): string;
}

export function createAids({ commands, ...deps }: AidsDeps): Aids {
  return {
    attachments: createAttachments({
      ...deps,
      kept: deps.env.keptFiles ?? keptFiles,
      commands,
      loadReader: async () => (await import('../attachments/read-file.ts')).readFile,
    }),
    mentions: createMentions({ commands }),
    history: createHistory(),
  };
}
