import assert from 'node:assert/strict';
import { test } from 'node:test';

import pino from 'pino';

import { FakeClock } from '../test/support/fake-clock.ts';
import { openReadiness } from './app-readiness.ts';
import { openResilience } from './app-resilience.ts';
import { resilienceReadings } from './app-targets.ts';
import { parseConfig } from './config/load.ts';
import { GatewayError } from './core/errors.ts';
import { LiveCatalog } from './live-catalog.ts';
import { OpenedParts } from './opened-parts.ts';
import { USUAL_POLICY } from './pipeline/resilience/route/policy.ts';

const CONFIG = 'providers: { gpt: { type: openai, apiKeys: [sk-first-secret-aaaa, sk-second-secret-bbbb] } }';

test('the log says which key was refused and which target is left alone, and the metrics show both', async (t) => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const clock = new FakeClock();
  const { config } = parseConfig(CONFIG, { path: 'causeway.yaml', env: {} });
  const live = new LiveCatalog(config, new Map(), clock);
  const opened = new OpenedParts();
  t.after(async () => {
    await opened.close();
    await live.close();
  });
  const resilience = openResilience({
    live,
    clock,
    log,
    exportsTraces: false,
    readiness: openReadiness(live, log, opened),
  });
  const pool = resilience.keys.of(live.current.provider('gpt'));
  const refused = new GatewayError('provider_auth_failed');
  pool.pick('m').report(refused, 401);
  pool.pick('m').report(refused, 401);
  const { breaker } = resilience.targets.of('gpt/m', USUAL_POLICY);
  for (let failed = 0; failed < 5; failed += 1) breaker.admit()?.done('failure', 1);
  breaker.close();

  const said = lines.map(({ level, msg, left, provider, target }) => [level, left, provider ?? target, msg]);
  assert.deepEqual(said, [
    [40, 1, 'gpt', 'a provider key was refused and rests; the others are used'],
    [50, undefined, 'gpt', 'the last key of a provider was refused: it cannot be reached until a key is replaced'],
    [40, undefined, 'gpt/m', 'a target failed too often and is left alone for a while'],
    [30, undefined, 'gpt/m', 'a target is asked again'],
  ]);
  assert.ok(!JSON.stringify(lines).includes('secret'));
  const readings = resilienceReadings(resilience);
  assert.deepEqual(
    [...readings.targets()],
    [{ target: 'gpt/m', breaker: 'closed', openings: 1, inFlight: 0, waiting: 0 }],
  );
  assert.deepEqual(
    [...readings.providerKeys()].filter(({ provider }) => provider === 'gpt').map(({ state, keys }) => [state, keys]),
    [
      ['usable', 0],
      ['limited', 0],
      ['refused', 2],
    ],
  );
});
