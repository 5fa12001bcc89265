import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import type { Role } from '../../core/operator.ts';
import { CONSOLE, localPath } from './local-path.ts';
import { operatorOfClaims } from './rules.ts';
import { type SignOnAttempt, openAttempt, sealAttempt } from './sealed-attempt.ts';
import type { OidcSettings } from './settings.ts';

const ORIGIN = 'https://gateway.example';

describe('where somebody goes on after signing in', () => {
  test('is a page of the console, whatever was asked for', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '..',
      '%2e',
      'console',
      '//',
      ':',
      '@',
      '\t',
      '\n',
      '?',
      '#',
      'evil.example',
    );
    const path = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
      fc.array(piece).map((pieces) => CONSOLE + pieces.join('')),
      fc.webUrl(),
      fc.constantFrom(undefined, null, 1, ['/console/'], {}),
    );
    fc.assert(
      fc.property(path, (asked) => {
        const { origin, pathname } = new URL(localPath(asked), ORIGIN);
        assert.equal(origin, ORIGIN);
        assert.ok(pathname.startsWith(CONSOLE), pathname);
        assert.doesNotMatch(localPath(asked), /[\r\n\t]/);
      }),
    );
  });

  test('is never what browsers take for another host', () => {
    for (const path of [
      '//evil.example',
      String.raw`/\evil.example`,
      String.raw`\/evil.example/console/`,
      '/console/../..//evil.example',
      '/console/..//evil.example',
      '/console/%2e%2e//evil.example',
      '/console/.%2E/%2e./\t/evil.example',
      '/console/\\..\\..\\\\evil.example',
      '/\t/evil.example/console/',
      'https:evil.example/console/',
      '//user@evil.example/console/',
    ]) {
      assert.equal(localPath(path), CONSOLE, path);
    }
    // Still this host: encoded slashes are no slashes, and two of them inside a path are none of a host.
    for (const path of ['/console/%2F%2Fevil.example', '/console//evil.example', '/console/?to=//evil.example']) {
      assert.equal(new URL(localPath(path), ORIGIN).host, 'gateway.example', path);
    }
  });

  test('is what was asked for, where it is one', () => {
    for (const path of ['/console/', '/console/traces?model=a%2Fb&x=1#top']) assert.equal(localPath(path), path);
  });
});

describe('what a browser keeps', () => {
  const attempt: SignOnAttempt = {
    state: 's',
    nonce: 'n',
    verifier: 'v',
    redirectUri: 'https://gateway.example/back',
    to: '/console/',
    expiresAt: 1000,
  };

  test('is opened by the same secret until it is over, and not where it was changed', () => {
    const sealed = sealAttempt(attempt, 'secret');
    assert.deepEqual(openAttempt(sealed, 'secret', 999), attempt);
    assert.equal(openAttempt(sealed, 'secret', 1000), undefined);
    assert.equal(openAttempt(sealed, 'another', 0), undefined);
    for (let at = 0; at < sealed.length; at += 1) {
      const sign = sealed[at] === 'A' ? 'Q' : 'A';
      const changed = sealed.slice(0, at) + sign + sealed.slice(at + 1);
      // The last sign may have bits that stand for nothing.
      if (Buffer.from(changed, 'base64url').equals(Buffer.from(sealed, 'base64url'))) continue;
      assert.equal(openAttempt(changed, 'secret', 0), undefined, `at ${at}`);
    }
    fc.assert(fc.property(fc.base64String(), (text) => openAttempt(text, 'secret', 0) === undefined));
  });
});

function settings(...roles: [claim: string, value: string, role: Role, projects?: string[]][]): OidcSettings {
  return {
    issuer: 'https://login.example',
    clientId: 'gateway',
    clientSecret: 'secret',
    name: 'Example',
    scopes: 'openid',
    nameClaim: 'email',
    roles: roles.map(([claim, value, role, projects]) => ({ claim, value, role, ...(projects && { projects }) })),
  };
}

describe('who somebody is', () => {
  const verified = { sub: 'x', email: 'ada@example.com', email_verified: true };

  test('is said by claims of any form, by parts of objects, and by patterns', () => {
    const cases: [Record<string, unknown>, string, string, boolean][] = [
      [{ groups: ['a', 'b'] }, 'groups', 'b', true],
      [{ groups: 'b' }, 'groups', 'b', true],
      [{ groups: ['ab'] }, 'groups', 'b', false],
      [{ realm_access: { roles: ['b'] } }, 'realm_access.roles', 'b', true],
      [{ 'https://example.com/roles': ['b'] }, 'https://example.com/roles', 'b', true],
      [{ level: 3 }, 'level', '3', true],
      [{ groups: [{ b: 1 }] }, 'groups', '[object Object]', false],
      [{}, 'constructor.name', 'Object', false],
      [{}, 'groups', '*', false],
      [verified, 'email', '*@example.com', true],
      [{ ...verified, email: 'ada@exampleXcom' }, 'email', '*@example.com', false],
      [{ ...verified, email_verified: false }, 'email', '*', false],
      [{ ...verified, email_verified: 'true' }, 'email', '*', false],
    ];
    for (const [claims, claim, value, isTrue] of cases) {
      const operator = operatorOfClaims({ sub: 'x', ...claims }, settings([claim, value, 'viewer']));
      assert.equal(operator !== undefined, isTrue, `${JSON.stringify(claims)} ${claim} ${value}`);
    }
  });

  test('is the first of the highest role, by a name that somebody has looked at', () => {
    const both = settings(['sub', '*', 'viewer', ['a']], ['sub', 'x', 'editor'], ['sub', 'x', 'viewer', ['b']]);
    assert.deepEqual(operatorOfClaims(verified, both), {
      name: 'ada@example.com',
      role: 'editor',
      projects: undefined,
      by: 'single-sign-on',
    });
    const named = operatorOfClaims({ sub: 'Admin Key' }, both);
    assert.equal(named?.name, 'Admin Key (single sign-on)', 'and by none that the audit log means something else by');
    const viewers = settings(['sub', '*', 'viewer', ['a']], ['sub', 'x', 'viewer', ['b']]);
    assert.deepEqual(operatorOfClaims(verified, viewers)?.projects, ['a']);
    assert.equal(operatorOfClaims({ ...verified, email_verified: false }, viewers)?.name, 'x');
  });
});
