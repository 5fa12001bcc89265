import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { UsageError } from './command.ts';
import { requireSharedState, workersWanted } from './workers.ts';

const SHARED = { DATABASE_URL: 'postgres://db', REDIS_URL: 'redis://cache' };

describe('how many workers', () => {
  test('one where nothing is said; the command line comes before the environment', () => {
    assert.equal(workersWanted(undefined, {}), 1);
    assert.equal(workersWanted(undefined, { CAUSEWAY_WORKERS: '' }), 1);
    assert.equal(workersWanted(undefined, { CAUSEWAY_WORKERS: '3' }), 3);
    assert.equal(workersWanted('2', { CAUSEWAY_WORKERS: '3' }), 2);
    assert.equal(workersWanted('64', {}), 64);
  });

  test('auto is one for each core, and no more than the most', () => {
    assert.equal(workersWanted('auto', {}, 6), 6);
    assert.equal(workersWanted(undefined, { CAUSEWAY_WORKERS: 'auto' }, 1), 1);
    assert.equal(workersWanted('auto', {}, 400), 64);
  });

  test('what is no number of workers is refused, by the name of what said it', () => {
    for (const text of ['', '0', '-1', '2.5', '65', '1e1', 'two', ' 2']) {
      assert.throws(() => workersWanted(text, {}), UsageError, text);
    }
    assert.throws(() => workersWanted(undefined, { CAUSEWAY_WORKERS: 'many' }), {
      message: 'CAUSEWAY_WORKERS: "many" is no number of workers; write a whole number from 1 to 64, or auto.',
    });
  });

  test('several need what they share, and the error says what to set and why', () => {
    requireSharedState(1, {});
    requireSharedState(2, SHARED);
    assert.throws(() => requireSharedState(2, { ...SHARED, REDIS_URL: '' }), {
      name: 'UsageError',
      message: /^2 workers need REDIS_URL \(.*limit and budget.*multiplied\)\. Set it, or start without --workers\./,
    });
    assert.throws(() => requireSharedState(4, { REDIS_URL: 'redis://cache' }), {
      message: /^4 workers need DATABASE_URL \(.*embedded database.*\)\. Set it,/,
    });
    assert.throws(() => requireSharedState(4, {}), { message: /DATABASE_URL .*, and REDIS_URL .*\. Set both,/ });
  });
});
