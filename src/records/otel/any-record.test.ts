import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { anyBody, anyRecord, makeRecord } from '../../../test/support/make-record.ts';
import { OtelDesk } from '../../../test/support/otel-desk.ts';
import { OtlpReceiver } from '../../../test/support/otlp-receiver.ts';
import { spanIdOf } from '../../core/trace-context.ts';

const MOST = 300;

test('whatever clients and providers write, each record is exported or counted, and none spoils another', async () => {
  const receiver = await OtlpReceiver.start();
  const desk = new OtelDesk(receiver, 'content: full');
  const anyEntry = fc.record({ record: anyRecord, input: anyBody, output: anyBody });
  const entries = fc.sample(anyEntry, { numRuns: MOST });
  for (const entry of entries) desk.offer(entry, { record: makeRecord() });
  await desk.close();
  const { dropped } = desk.export.stats();
  assert.equal(receiver.spans.length, 2 * (2 * MOST - dropped.records));
  assert.equal(dropped.traces, 0);
  for (const { spanId, startNanos, endNanos } of receiver.spans) assert.ok(endNanos >= startNanos, spanId);
  const ids = new Set(receiver.spans.map(({ spanId }) => spanId));
  const lost = entries.filter(({ record }) => !ids.has(spanIdOf(record.traceId, 0)));
  assert.deepEqual(lost, [], desk.log.join('\n'));
  for (const { sum } of receiver.points) assert.equal(Number.isNaN(sum), false);
  await receiver.close();
});
