/** Shows and sounds. Loaded when there is first something to tell. */
import { createAnswers, type Answers } from './answers.ts';
import type { Teller, Tone } from './env.ts';
import type { TabAlertsDeps } from './tab-alerts.ts';

const DATABASE = 'tabcast.alerts';
const STORE = 'told';
/** How many claims are kept. */
const KEPT = 1_000;

/** Two tones each, as frequency in Hz; up: somebody asks; down: it is done. */
const TONES: Record<Tone, readonly [number, number]> = { ask: [587, 784], done: [659, 494] };
const VOLUME = 0.06;
const TONE_S = 0.16;

/** Answers that are seen and heard. */
export function createTellingAnswers(deps: TabAlertsDeps): Answers {
  return createAnswers(deps, createTeller());
}

function createTeller(): Teller {
  return {
    claim,
    show({ id, title, body, onClick }) {
      try {
        // Sounds are asked for by a switch of their own.
        const notification = new Notification(title, {
          body,
          tag: id,
          silent: true,
          icon: '/favicon.svg',
        });
        notification.addEventListener('click', () => {
          onClick();
          notification.close();
        });
        return () => notification.close();
      } catch {
        // Chromium on Android lets only service workers show notifications.
        return null;
      }
    },
    mayPlay: () => (navigator as Partial<Navigator>).userActivation?.hasBeenActive ?? true,
    play(tone) {
      const context = new AudioContext();
      const begin = context.currentTime;
      TONES[tone].forEach((frequency, n) => {
        const [oscillator, gain] = [context.createOscillator(), context.createGain()];
        const at = begin + n * TONE_S * 0.75;
        oscillator.frequency.value = frequency;
        gain.gain.setValueAtTime(0, at);
        gain.gain.linearRampToValueAtTime(VOLUME, at + 0.02);
        gain.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S);
        oscillator.connect(gain).connect(context.destination);
        oscillator.start(at);
        oscillator.stop(at + TONE_S);
        // One that is not running holds nothing, and one that is closed doesn't bar the back/forward cache.
        if (n === 1) oscillator.addEventListener('ended', () => void context.close());
      });
    },
  };
}

/**
 * One transaction at a time writes to a store, in all tabs of a browser: the key that is there already is refused.
 * https://www.w3.org/TR/IndexedDB-3/#transaction-scheduling. Without a database (a browser's private mode) a
 * notification's tag is what keeps it single.
 */
function claim(key: string): Promise<boolean> {
  return new Promise((resolve) => {
    let opening: IDBOpenDBRequest;
    try {
      opening = indexedDB.open(DATABASE, 1);
    } catch {
      resolve(true);
      return;
    }
    opening.onerror = () => resolve(true);
    opening.onupgradeneeded = () => {
      const store = opening.result.createObjectStore(STORE, { autoIncrement: true });
      store.createIndex('key', 'key', { unique: true });
    };
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, 'readwrite');
      const store = transaction.objectStore(STORE);
      const adding = store.add({ key });
      adding.onsuccess = () => store.delete(IDBKeyRange.upperBound(Number(adding.result) - KEPT));
      const settle = (won: boolean) => {
        database.close();
        resolve(won);
      };
      transaction.oncomplete = () => settle(true);
      transaction.onabort = () => settle(adding.error?.name !== 'ConstraintError');
    };
  });
}
