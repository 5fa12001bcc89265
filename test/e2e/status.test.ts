import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';

import type { StatusView } from '../../src/records/status/status-schema.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { noRedis, startRedis } from '../support/redis-server.ts';

const statusOf = async (gateway: Gateway): Promise<StatusView> => {
  const { status, json } = await gateway.admin('/status');
  assert.equal(status, 200, JSON.stringify(json));
  return json as unknown as StatusView;
};

test('a gateway says how each of its parts is, and what to do where one is not well', async (t) => {
  const gateway = await startGateway({ config: 'console: { enabled: true }\n' });
  t.after(() => gateway.close());
  const now = await statusOf(gateway);
  assert.deepEqual(
    [now.database.kind, now.database.answers, now.redis.configured, now.redis.answers, now.redis.exact],
    ['embedded', true, false, null, true],
  );
  assert.ok((now.database.size_bytes ?? 0) > 100_000);
  assert.ok((now.database.latency_ms ?? -1) >= 0);
  assert.deepEqual([now.config.path, now.config.file, now.config.last_error], [gateway.configPath, true, null]);
  assert.deepEqual([now.journal.dropped_records, now.process.in_flight, now.vectors.state], [0, 0, 'idle']);
  assert.deepEqual([now.snapshot.wanted, now.otlp.enabled, now.pid], [false, false, process.pid]);
  assert.ok(now.disk.path.startsWith(dirname(gateway.configPath)));
  assert.ok(now.process.memory_bytes > 1e6 && now.process.heap_limit_bytes > now.process.heap_used_bytes);
  // It is measured from the first question on.
  while ((await statusOf(gateway)).process.event_loop_delay_p99_ms === null);

  // What waits for a start, and what cannot be used.
  gateway.writeConfig('console: { enabled: false }\n');
  gateway.reload();
  const pending = await statusOf(gateway);
  assert.deepEqual(
    [pending.ok, pending.config.ok, pending.config.restart_pending],
    [false, false, ['console.enabled']],
  );
  writeFileSync(gateway.configPath, 'log: { level: silent }\nserver: { drainTimeout: soon }\n');
  gateway.reload();
  const { config } = await statusOf(gateway);
  assert.equal(
    config.last_error,
    'line 2, column 25: server.drainTimeout',
    'viewers see where, and nothing of the file',
  );
  assert.equal(config.message, 'The file as it is now is not in force: line 2, column 25: server.drainTimeout.');
  assert.match(config.todo ?? '', /Correct it/);
});

test('Redis is asked how fast it answers, and is missed when it is gone', { skip: noRedis }, async (t) => {
  const redis = await startRedis();
  t.after(() => redis.close());
  const gateway = await startGateway({ env: { REDIS_URL: redis.url } });
  t.after(() => gateway.close());
  const there = await statusOf(gateway);
  assert.deepEqual([there.redis.configured, there.redis.answers, there.redis.ok], [true, true, true]);
  assert.ok((there.redis.latency_ms ?? -1) >= 0);
  await redis.kill9();
  for (;;) {
    const { redis: gone } = await statusOf(gateway);
    if (gone.answers === true) continue;
    assert.deepEqual([gone.ok, gone.answers, gone.latency_ms], [false, false, null]);
    assert.match(gone.todo ?? '', /REDIS_URL/);
    return;
  }
});
