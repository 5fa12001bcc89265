import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { GatewayError } from '../core/errors.ts';
import { createLogger } from './log.ts';

function capture(level: 'info' | 'silent' = 'info') {
  const lines: string[] = [];
  const log = createLogger({ level, destination: { write: (line) => void lines.push(line) } });
  return { log, lines };
}

/** The parts stand apart so that this file holds nothing that looks like a key. */
const SECRET = ['sk', 'ant', 'api03', 'abcdefghijklmnopqrstuvwxyz'].join('-');

test('a line is one JSON object with a level name and a time', () => {
  const { log, lines } = capture();
  log.info({ requestId: 'r1' }, 'started');
  const { time, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  assert.deepEqual(rest, { level: 'info', requestId: 'r1', msg: 'started' });
  assert.ok(!Number.isNaN(Date.parse(String(time))));
});

test('promise 12: a secret planted anywhere never appears in a log line', () => {
  const plant = fc.oneof(
    fc.constant({ msg: `used ${SECRET}` }),
    fc.constant({ headers: { authorization: `Bearer ${SECRET}`, cookie: [SECRET] } }),
    fc.constant({ err: new Error(`refused ${SECRET}`, { cause: new Error(SECRET) }) }),
    fc.constant({ url: `https://user:${SECRET}@host/?key=${SECRET}` }),
    fc.constant({ text: JSON.stringify({ apiKey: SECRET, nested: JSON.stringify({ key: SECRET }) }) }),
    fc.constant({ [SECRET]: 1 }),
  );
  fc.assert(
    fc.property(fc.array(plant, { minLength: 1, maxLength: 4 }), fc.string(), (plants, text) => {
      const { log, lines } = capture();
      const child = log.child({ bound: plants[0] });
      child.error({ plants, ...plants.at(-1) }, `${text} ${SECRET}`);
      child.info(SECRET);
      assert.equal(lines.length, 2);
      for (const line of lines) {
        assert.ok(!line.includes(SECRET), line);
        assert.doesNotThrow(() => JSON.parse(line) as unknown);
      }
    }),
  );
});

test("promise 12: a provider's refusal is logged as cleaned text, its headers are not", () => {
  const { log, lines } = capture();
  const refusal = {
    dialect: 'openai' as const,
    status: 401,
    headers: { 'set-cookie': 'session=hunter2' },
    body: Buffer.from(JSON.stringify({ error: `Incorrect API key: ${SECRET}` })),
  };
  log.error({ err: new GatewayError('provider_auth_failed', { refusal }) }, 'attempt failed');
  const line = lines[0] ?? '';
  assert.match(line, /Incorrect API key: sk-\[redacted\]/);
  assert.doesNotMatch(line, /hunter2|abcdefghij/);
  const { err } = JSON.parse(line) as { err: Record<string, unknown> };
  assert.equal(err['code'], 'provider_auth_failed');
});

test('causes are followed, but not for ever', () => {
  const { log, lines } = capture();
  const loop = new Error('loop');
  loop.cause = loop;
  log.error({ err: loop }, 'failed');
  assert.equal(lines.length, 1);
});

test('silent is silent', () => {
  const { log, lines } = capture('silent');
  log.fatal('nothing');
  assert.deepEqual(lines, []);
});
