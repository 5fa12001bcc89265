import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fastify from 'fastify';

import { SHADOW } from '../support/shadow-site.ts';
import { type ListedShadow, shadowOf } from '../../src/pipeline/shadow/definition.ts';
import { shadowRoutes } from '../../src/pipeline/shadow/routes.ts';

const WRITTEN = { model: 'gone', set: { target: 'local/m' }, usd: 1 };
const LISTED: readonly ListedShadow[] = [
  {
    id: 'small',
    origin: 'file',
    definition: shadowOf('small', 'file', SHADOW),
    written: undefined,
    problem: undefined,
  },
  { id: 'old', origin: 'admin', definition: undefined, written: WRITTEN, problem: 'it cannot be read any more' },
];

describe('what the admin API shows of shadows', () => {
  it('is also why one is not in force; it can be deleted', async () => {
    const gone: string[] = [];
    const app = fastify();
    shadowRoutes({
      shadows: { list: () => LISTED.filter(({ id }) => !gone.includes(id)) },
      desk: {
        put: () => Promise.resolve(),
        remove: (id) => Promise.resolve(void gone.push(id)),
      },
      tallies: { read: () => Promise.resolve({ pairs: {}, live: {}, candidate: {} }) },
      standingOf: () => Promise.reject(new Error('nobody asks')),
    })(app);
    const shown = async (path: string, method: 'GET' | 'DELETE' = 'GET') => {
      const { statusCode, body } = await app.inject({ method, url: `/admin/v1/shadows${path}` });
      assert.equal(statusCode, 200, body);
      return JSON.parse(body) as Record<string, unknown>;
    };
    const { data } = (await shown('')) as { data: readonly Record<string, unknown>[] };
    assert.deepEqual(
      data.map(({ id, in_force, problem, model, share }) => [id, in_force, problem, model, share]),
      [
        ['old', false, 'it cannot be read any more', null, null],
        ['small', true, null, 'chat', 1],
      ],
    );
    const { report, definition } = await shown('/old');
    assert.deepEqual([report, definition], [null, WRITTEN]);
    await shown('/old', 'DELETE');
    assert.deepEqual(gone, ['old']);
    await app.close();
  });
});
