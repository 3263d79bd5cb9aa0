import { createMemoryStore } from './memory.ts';
import { storeAcceptance } from './store-acceptance.ts';

storeAcceptance('the store in memory', async () => {
  const store = createMemoryStore();
  return { store, cleanup: () => store.close() };
});
