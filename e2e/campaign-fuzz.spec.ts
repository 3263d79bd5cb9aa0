/** A short run of `npm run campaign -- fuzz`. */
import { fuzzCampaign } from './campaigns/fuzz/campaign.ts';
import { ENDPOINTS } from './campaigns/fuzz/endpoints.ts';
import { expect, test } from './fixtures/test.ts';

test('[A1] [A3] requests made from the schemas, valid and not, of two users at once: no failure, no foreign byte, one shape of errors', async () => {
  test.setTimeout(300_000);
  const counts = await fuzzCampaign.run({ seed: 20_261, rounds: 2000 });
  for (const what of ['200', '201', '202', '400', '404', '405', '409']) {
    expect(counts[what], what).toBeGreaterThan(0);
  }
});

test('[A3] every method that the server knows is fuzzed', async ({ server }) => {
  for (const path of new Set(ENDPOINTS.map((each) => each.path))) {
    const { status, headers } = await server.request(path.replaceAll(/:\w+/g, 'x'), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
    });
    expect(status, path).toBe(405);
    const known = ENDPOINTS.filter((each) => each.path === path).map(({ method }) => method);
    const allowed = headers
      .get('allow')
      ?.split(', ')
      .filter((method) => method !== 'HEAD');
    expect(allowed?.toSorted(), path).toEqual(known.toSorted());
  }
});
