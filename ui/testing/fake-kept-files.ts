/** The database of attached files as a list: the same for every tab that is given it. Clones what passes through. */
import type { Attachment, AttachmentsDeps } from '../store/attachments.ts';
import { goneFor, type Kept, type KeptFiles } from '../attachments/keeping.ts';

export interface FakeKeptFiles extends KeptFiles {
  readonly all: (Kept & { data: Attachment | null })[];
  /** The browser refuses everything. */
  refuses: boolean;
}

export function createFakeKeptFiles(): FakeKeptFiles {
  const all: FakeKeptFiles['all'] = [];
  const ask = () => {
    if (fake.refuses) throw new Error('refused');
  };
  const keepOnly = (keep: (one: Kept) => boolean) => {
    all.splice(0, all.length, ...all.filter(keep));
  };
  const fake: FakeKeptFiles = {
    all,
    refuses: false,
    async read({ who, logId }) {
      ask();
      keepOnly((one) => one.who === who);
      const mine = all.filter((one) => one.logId === logId);
      keepOnly((one) => one.logId !== logId || !one.gone);
      return {
        files: mine.flatMap(({ data }) => (data === null ? [] : [structuredClone(data)])),
        gone: mine.filter(({ gone }) => gone).map(({ name }) => name),
      };
    },
    async put(box, attachment, bytes) {
      ask();
      for (const old of goneFor(all, { ...box, bytes })) {
        Object.assign(old, { gone: true, bytes: 0, data: null });
      }
      const { id, name } = attachment;
      all.push({ ...box, id, name, bytes, gone: false, data: structuredClone(attachment) });
    },
    async remove(ids) {
      ask();
      keepOnly(({ id }) => !ids.includes(id));
    },
    async forget(logId) {
      ask();
      keepOnly((one) => one.logId !== logId);
    },
  };
  return fake;
}

export interface FakeBrowser {
  readonly kept: FakeKeptFiles;
  /** Who is signed in. */
  who: string | null;
  /** What a further tab of it has. */
  tab(): Pick<AttachmentsDeps, 'kept' | 'who' | 'env'>;
  /** A page that was put aside comes back. */
  show(): void;
  readonly listeners: number;
}

/** A browser whose tabs share the database and its storage. */
export function createBrowser(): FakeBrowser {
  const kept = createFakeKeptFiles();
  const values = new Map<string, string>();
  const onStorage = new Set<() => void>();
  const onShow = new Set<() => void>();
  const subscribe = (runs: Set<() => void>, run: () => void) => {
    runs.add(run);
    return () => void runs.delete(run);
  };
  const browser: FakeBrowser = {
    kept,
    who: 'me',
    tab() {
      let own: () => void = () => {};
      return {
        kept,
        who: () => browser.who,
        env: {
          storage: {
            getItem: (key) => values.get(key) ?? null,
            setItem(key, value) {
              values.set(key, value);
              for (const run of onStorage) if (run !== own) run();
            },
          },
          onStorage(run) {
            own = run;
            return subscribe(onStorage, run);
          },
          pageLife: { onShow: (run) => subscribe(onShow, run) },
        },
      };
    },
    show() {
      for (const run of onShow) run();
    },
    get listeners() {
      return onStorage.size + onShow.size;
    },
  };
  return browser;
}
