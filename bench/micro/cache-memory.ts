import { hash } from 'node:crypto';
import { parseArgs } from 'node:util';

import { heapInUse } from '../../test/support/heap.ts';
import { makeAnswer } from '../../test/support/make-answer.ts';
import type { StoredAnswer } from '../../src/pipeline/cache/answer/stored-answer.ts';
import { MemoryAnswers } from '../../src/pipeline/cache/store/memory-answers.ts';
import { systemClock } from '../../src/core/clock.ts';

/**
 * `npm run bench:cache-memory`: what a million distinct answers really take, what a hit costs, and how long purges hold
 * everything up. `--entries`, `--size` in MB.
 */

const { values } = parseArgs({
  options: { entries: { type: 'string', default: '1000000' }, size: { type: 'string', default: '128' } },
});
const entries = Number(values.entries);
const maxBytes = Number(values.size) * 1024 * 1024;
const MB = 1024 * 1024;
const TEXT = 'Answers differ in how long they are, as questions do. '.repeat(100);
/** Of an answer of 2 KB. */
const LOOKS = 200_000;
const OFF = 0.1;

/** Between 300 bytes and 4 KB, most of them small. */
function bodyOf(at: number): Buffer {
  const spread = ((at * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;
  return Buffer.from(TEXT.slice(0, Math.round(300 + 3700 * spread ** 2)));
}

function answerOf(at: number, body = bodyOf(at)): StoredAnswer {
  const now = Date.now();
  return makeAnswer({
    key: keyOf(at),
    storedAt: now,
    expiresAt: now + 3_600_000,
    content: { kind: 'bytes', contentType: 'application/json', body },
    labels: { project: `project-${at % 100}`, user: `user-${at % 1000}`, tags: at % 10 === 0 ? ['news'] : [] },
  });
}

function keyOf(at: number): string {
  return hash('sha256', `${at}`).slice(0, 32);
}

/** All memory that this process has for what it keeps. */
function inUse(): number {
  const heap = heapInUse();
  return heap + process.memoryUsage().external;
}

function timed<T>(run: () => T): { readonly ms: number; readonly result: T } {
  const startedAt = performance.now();
  const result = run();
  return { ms: performance.now() - startedAt, result };
}

// What code takes, and what is not collected yet of the answers that are made here, is no part of the store.
const warm = new MemoryAnswers({ maxBytes: MB, clock: systemClock });
for (let at = 0; at < entries; at += 1) warm.set(answerOf(at));
for (let at = 0; at < 20_000; at += 1) warm.get(keyOf(at));
warm.purge({ project: 'none' });

const before = inUse();
const rssBefore = process.memoryUsage().rss;
const store = new MemoryAnswers({ maxBytes, clock: systemClock });
let most = 0;
const filled = timed(() => {
  for (let at = 0; at < entries; at += 1) {
    store.set(answerOf(at));
    if (at % Math.ceil(entries / 20) === 0) most = Math.max(most, inUse() - before);
  }
});
const real = inUse() - before;
most = Math.max(most, real);
const rss = process.memoryUsage().rss - rssBefore;

const kept = answerOf(entries, Buffer.from(TEXT.slice(0, 2048)));
store.set(kept);
const looks = timed(() => {
  for (let at = 0; at < LOOKS; at += 1) if (!store.get(kept.key)) throw new Error('it is gone');
});
const held = store.stats.entries;
const misses = timed(() => store.purge({ project: 'nobody' }));
const byTag = timed(() => store.purge({ tag: 'news' }));
const all = timed(() => store.purge({}));

const mb = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;
const ratio = real / maxBytes;
console.table({
  'answers stored': entries,
  'answers held': held,
  'to store one, with making it': `${((filled.ms / entries) * 1000).toFixed(2)} µs`,
  configured: mb(maxBytes),
  'counted by itself': mb(store.stats.bytes),
  'really taken': mb(real),
  'at most': mb(most),
  'resident set, grown by': mb(rss),
  ratio: ratio.toFixed(3),
  'a hit of 2 KB': `${((looks.ms / LOOKS) * 1000).toFixed(2)} µs`,
  'a purge that finds nothing': `${misses.ms.toFixed(1)} ms`,
  [`a purge by tag of ${byTag.result}`]: `${byTag.ms.toFixed(1)} ms`,
  [`a purge of all ${all.result} left`]: `${all.ms.toFixed(1)} ms`,
});
if (Math.max(ratio, most / maxBytes) > 1 + OFF || ratio < 1 - OFF) {
  console.error(`it does not stay within ${OFF * 100} % of what is configured`);
  process.exitCode = 1;
}
