import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ASSIGNMENT } from '../../../../test/support/cache-site.ts';
import { makePolicy, patternScanner, scanningGuard } from '../../../../test/support/guard-policy.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { deps } from '../../../../test/support/screening.ts';
import type { Call } from '../../../core/call.ts';
import type { ScanRequest } from '../scan/messages.ts';
import { screenRequest } from './screen-request.ts';

const POLICY = makePolicy({ scanning: [scanningGuard('pii', 'flag', patternScanner(/\d{11}/, 'PHONE'))] });
const LONG = 'x'.repeat(10_000);

/** The texts whose digests are wanted of who scans them. */
async function wantedOf(content: unknown, assignment: Call['assignment']): Promise<string[]> {
  const call = makeCall({ json: { model: 'm', messages: [{ role: 'user', content }] }, assignment });
  const all: ScanRequest[] = [];
  const desk: typeof deps.desk = {
    scan(policy, asked, from) {
      all.push(...asked);
      return deps.desk.scan(policy, asked, from);
    },
  };
  await screenRequest({ ...deps, desk }, call, [POLICY]);
  assert.ok(all.every(({ digests }) => digests === undefined || digests === call.body.digests));
  return all.filter(({ digests, text }) => digests?.lacks(text)).map(({ text }) => text);
}

test('digests are wanted of long texts that stand in the body, where answers are kept', async () => {
  assert.deepEqual(await wantedOf(LONG, ASSIGNMENT), [LONG]);
  assert.deepEqual(await wantedOf(LONG, { ...ASSIGNMENT, cache: undefined }), []);
  assert.deepEqual(await wantedOf('short', ASSIGNMENT), []);
  const parts = [LONG, 'short', `${LONG}y`].map((text) => ({ type: 'text', text }));
  assert.deepEqual(await wantedOf(parts, ASSIGNMENT), [LONG, `${LONG}y`], 'not of what is put together to be scanned');
});
