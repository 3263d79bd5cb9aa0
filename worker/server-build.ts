/** Which build the server runs: every answer of the API says it. */
import { BUILD_HEADER } from '../shared/api.ts';
import type { HubEnv } from './env.ts';

/** A `fetch` that tells which build each answer of the server is from. */
export function readBuild(fetch: HubEnv['fetch'], tell: (build: string) => void): HubEnv['fetch'] {
  return async (input, init) => {
    const response = await fetch(input, init);
    const build = response.headers.get(BUILD_HEADER);
    if (build !== null) tell(build);
    return response;
  };
}
