import type * as fc from 'fast-check';
import type { Store } from '../../store/store.ts';

/** A store that answers only when the schedule lets it: every call is a point where others may run. */
export function scheduled(store: Store, scheduler: fc.Scheduler): Store {
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) =>
        scheduler
          .schedule(Promise.resolve(), String(name))
          .then(() => method.apply(target, args) as unknown);
    },
  });
}
