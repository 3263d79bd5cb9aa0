/** `npm run backup` and `npm run restore`. */
import { runBuilt } from './run-built.mjs';

await runBuilt('backup');
