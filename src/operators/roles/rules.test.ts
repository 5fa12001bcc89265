import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { GatewayError } from '../../core/errors.ts';
import { type Operator, ROLES, type Role, mayActAs } from '../../core/operator.ts';
import { admit } from './admit.ts';
import { RULES, ruleOf } from './rules.ts';

const operatorOf = (role: Role, projects?: readonly string[]): Operator => ({
  name: 'ada',
  role,
  projects,
  by: 'operator-key',
});

function outcomeOf(operator: Operator, key: string, query: Readonly<Record<string, unknown>> = {}) {
  const [method = '', route = ''] = key.split(' ');
  try {
    return admit(operator, { method, route, query });
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error;
  }
}

test('each role may do what its rule says, and all that the roles before it may', () => {
  for (const [key, rule] of Object.entries(RULES)) {
    for (const role of ROLES) {
      const outcome = outcomeOf(operatorOf(role), key);
      const isIn = !(outcome instanceof GatewayError);
      assert.equal(isIn, mayActAs(role, rule.role), `${key} by ${role}`);
      if (outcome instanceof GatewayError) {
        assert.equal(outcome.status, 403);
        assert.equal(outcome.message, `This needs the role ${rule.role}; you are ${role}.`);
      }
    }
  }
});

test('viewers read; only what changes nothing is not written down; what nobody thought of is for admins', () => {
  for (const [key, { role, asks, scope }] of Object.entries(RULES)) {
    const isReading = key.startsWith('GET ');
    if (isReading) assert.ok(asks, key);
    if (!asks) assert.ok(role !== 'viewer' || key === 'DELETE /admin/v1/session', key);
    if (scope !== undefined) assert.ok(isReading || key === 'DELETE /admin/v1/session', key);
  }
  assert.equal(ruleOf('GET', '/admin/v1/new').role, 'admin');
  assert.equal(ruleOf('PATCH', '/admin/v1/keys/:id').role, 'admin');
});

test('whoever is held to projects asks for one of them, whatever they say', () => {
  const name = fc.constantFrom('a', 'b', 'c', '', 'A');
  const query = fc.record({ project: fc.option(fc.oneof(name, fc.array(name)), { nil: undefined }), limit: name });
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom<string>('a', 'b'), { minLength: 1 }), query, (projects, sent) => {
      const outcome = outcomeOf(operatorOf('viewer', projects), 'GET /admin/v1/traces', sent);
      if (outcome instanceof GatewayError) {
        assert.equal(outcome.status, 400);
        assert.ok(!projects.includes(sent.project as string));
        for (const project of projects) assert.ok(outcome.message.includes(project));
      } else {
        assert.ok(projects.includes(outcome.query?.['project'] as string));
        assert.equal(outcome.query?.['limit'], sent.limit);
      }
    }),
  );
});

/** What a viewer of the project `a` sees of an answer. */
function shownBy(key: string, answer: unknown): unknown {
  const outcome = outcomeOf(operatorOf('viewer', ['a']), key);
  assert.ok(!(outcome instanceof GatewayError) && outcome.shown);
  return outcome.shown(answer);
}

test('what is not of their projects is not there for them', () => {
  const ofTrace = 'GET /admin/v1/traces/:id';
  assert.deepEqual(shownBy(ofTrace, { project: 'a', x: 1 }), { project: 'a', x: 1 });
  for (const answer of [{ project: 'b' }, { project: null }, {}, [], 'a', null]) {
    assert.throws(() => shownBy(ofTrace, answer), { code: 'resource_not_found' });
  }
  const ofBudget = 'GET /admin/v1/budgets/:id';
  assert.deepEqual(shownBy(ofBudget, { per: 'project', id: 'a' }), { per: 'project', id: 'a' });
  assert.deepEqual(shownBy(ofBudget, { per: 'project', subjects: [{ id: 'a' }, { id: 'b' }] }), {
    per: 'project',
    subjects: [{ id: 'a' }],
  });
  for (const answer of [
    { per: 'project', id: 'b' },
    { per: 'key', id: 'a' },
    { per: 'user', subjects: [{ id: 'a' }] },
  ]) {
    assert.throws(() => shownBy(ofBudget, answer), { code: 'resource_not_found' });
    assert.deepEqual(shownBy('GET /admin/v1/budgets', { data: [answer], next: null }), { data: [], next: null });
  }
});
