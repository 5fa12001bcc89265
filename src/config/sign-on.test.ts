import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseConfig } from './load.ts';
import { ConfigError } from './problems.ts';

test('what cannot be of single sign-on is told at the start, with its place', () => {
  const right = {
    issuer: 'https://login.example',
    clientId: 'a',
    clientSecret: 'b',
    roles: [{ claim: 'a', value: 'b', role: 'admin' }],
  };
  const problemsOf = (own: object): string[] => {
    try {
      // JSON is YAML, too.
      parseConfig(JSON.stringify({ console: { oidc: { ...right, ...own } } }), { path: 'x.yaml', env: {} });
      return [];
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.problems.map(({ key }) => key);
    }
  };
  assert.deepEqual(problemsOf({}), []);
  assert.deepEqual(problemsOf({ issuer: 'http://localhost:8080/realms/a' }), []);
  assert.deepEqual(problemsOf({ issuer: 'http://login.example' }), ['console.oidc.issuer']);
  assert.deepEqual(problemsOf({ issuer: 'https://login.microsoftonline.com/common/v2.0' }), ['console.oidc.issuer']);
  assert.deepEqual(problemsOf({ issuer: 'nowhere' }), ['console.oidc.issuer']);
  assert.deepEqual(problemsOf({ redirectUri: 'http://a.example/back' }), ['console.oidc.redirectUri']);
  assert.deepEqual(problemsOf({ scopes: 'email' }), ['console.oidc.scopes']);
  assert.deepEqual(problemsOf({ roles: [{ claim: 'a', value: 'b', role: 'editor', projects: ['p'] }] }), [
    'console.oidc.roles[0].projects',
  ]);
});
