import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ASSIGNMENT, POLICY } from '../../../../test/support/cache-site.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import type { Assignment, Principal } from '../../../core/call.ts';
import { keyOf } from './key.ts';

const PRINCIPAL: Principal = { keyId: 'key-1', project: 'a', user: undefined, models: undefined };
const BODY = { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] };

test('what was asked has one name in all arms; who asks and what is said are in it', () => {
  const askedIn = (arm: string | undefined, parts: CallParts = {}, meant: Partial<Assignment> = {}): unknown => {
    const assignment = { ...ASSIGNMENT, ...meant, ...(arm !== undefined && { arm }) };
    const call = makeCall({ json: BODY, principal: PRINCIPAL, ...parts, assignment });
    if (meant.promptVersion !== undefined) call.body.amend({ op: 'set', path: '/temperature', value: 0 });
    return Reflect.get(keyOf(call, POLICY), 'asked');
  };
  const asked = askedIn('experiment:e/control');
  assert.match(String(asked), /^[0-9a-f]{32}$/);
  const small = [{ provider: 'openai', model: 'small' }];
  for (const meant of [{}, { version: 'v2' }, { targets: small }, { promptVersion: 'p2' }]) {
    assert.equal(askedIn('experiment:e/small', {}, meant), asked, JSON.stringify(meant));
  }
  const others = [
    { principal: { ...PRINCIPAL, project: 'b' } },
    { facts: { model: 'other' } },
    { json: { ...BODY, temperature: 1 } },
    { headers: { 'anthropic-beta': 'x' } },
  ].map((parts) => askedIn('experiment:e/small', parts));
  assert.equal(new Set([asked, ...others]).size, others.length + 1);
  assert.equal(askedIn(undefined), undefined, 'only for those who compare');
});
