import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { copyPreparedDatabase } from '../../test/support/prepared-database.ts';
import { DAY_AFTER, dayOf, distanceOf, predictDay } from '../../test/support/replayed-day.ts';
import { replayed } from './replay.ts';

/** Few, so that it is quick; what the answers of a target are like is then known to a percent or two. */
const REQUESTS = 600;

test('a recorded day predicts cost within 2 % and shares within a point of a real run of another configuration', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-replay-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['before', 'after']) copyPreparedDatabase(join(folder, name));
  const { predicted, real } = await predictDay(dayOf(REQUESTS), DAY_AFTER(REQUESTS), folder, replayed);
  assert.equal(predicted.before.requests, REQUESTS);
  assert.equal(predicted.unknown.requests, 0);
  const distance = distanceOf(predicted.after, real.before);
  context.diagnostic(JSON.stringify({ distance, change: predicted.cost.change, before: predicted.before.targets }));
  assert.ok(Math.abs(distance.cost) < 0.02, `cost ${distance.cost}`);
  assert.ok(distance.shares < 0.01, `shares ${distance.shares}`);
  assert.ok(Math.abs(distance.hits) < 0.01, `hits ${distance.hits}`);
  assert.ok(Math.abs(distance.refused) < 0.01, `refused ${distance.refused}`);
  // It has to be another configuration, or nothing was predicted.
  assert.ok(Math.abs(predicted.cost.change ?? 0) > 0.1, `change ${predicted.cost.change}`);
  assert.ok(predicted.after.refused.total > 10 && predicted.after.cache_hits.total > 50);
  // The configuration that was in force makes what was recorded.
  assert.ok(Math.abs(real.cost.change ?? 1) < 0.005, `again ${real.cost.change}`);
});
