import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { JsonObject } from '../../src/core/json.ts';
import { freePort } from '../support/free-port.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { OperatorBrowser } from '../support/operator-browser.ts';

const START = '/admin/v1/session/sso/start';
const ADA = { sub: 'ada-1', email: 'ada@example.com', email_verified: true, groups: ['staff', 'llm-admins'] };

let gateway: Gateway;
let provider: IdentityProvider;
let addresses = 0;

function configOf(idp: Pick<IdentityProvider, 'issuer' | 'clientId' | 'clientSecret'>): string {
  return `
server: { trustedProxies: 1 }
console:
  oidc:
    issuer: ${idp.issuer}
    clientId: ${idp.clientId}
    clientSecret: ${idp.clientSecret}
    name: Example
    scopes: openid email groups
    roles:
      - { claim: email, value: '*@example.com', role: viewer, projects: [support] }
      - { claim: groups, value: llm-editors, role: editor }
      - { claim: groups, value: llm-admins, role: admin }
`;
}

before(async () => {
  const port = await freePort();
  provider = await startIdentityProvider(`http://127.0.0.1:${port}`);
  gateway = await startGateway({ config: configOf(provider), env: { PORT: String(port) } });
});
after(async () => {
  await gateway.close();
  await provider.close();
});
beforeEach(() => (provider.signedIn = ADA));

/** A browser at an address of its own, so that what fails in one test is not counted in the next. */
function browser(): OperatorBrowser {
  addresses += 1;
  return new OperatorBrowser(() => gateway.url, { 'x-forwarded-for': `192.0.2.${addresses}` });
}

/** Goes along at the identity provider as a browser does. @returns where that sends it back to */
async function atProvider(start: string): Promise<string> {
  const there = new OperatorBrowser(() => provider.issuer);
  for (let url = start; ;) {
    const { headers, status, text } = await there.fetch(url);
    const next = headers.get('location');
    assert.ok(next !== null, `${status} ${text}`);
    url = new URL(next, provider.issuer).href;
    if (url.startsWith(gateway.url)) return url;
  }
}

async function begun(one: OperatorBrowser, to = '/console/traces?model=chat'): Promise<string> {
  const { status, headers } = await one.fetch(`${START}?to=${encodeURIComponent(to)}`);
  assert.equal(status, 303);
  return headers.get('location') ?? '';
}

async function signedIn(one = browser(), to?: string) {
  return one.fetch(await atProvider(await begun(one, to)));
}

/** What somebody may of whom this is said; else what came. */
async function roleOf(claims: Partial<typeof ADA>) {
  const one = browser();
  provider.signedIn = { ...ADA, ...claims };
  const { status, text } = await signedIn(one);
  const { operator } = (await one.ask('/session')).json as { operator?: JsonObject };
  return operator ? [operator['role'], operator['projects']] : [status, text.includes('/console/')];
}

describe('single sign-on', () => {
  it('is offered, and opens a session for whoever the identity provider knows', async () => {
    const one = browser();
    const { json } = await one.ask('/session/ways');
    assert.deepEqual(json['sso'], { name: 'Example', start_url: START });
    const start = new URL(await begun(one));
    assert.equal(start.origin, provider.issuer);
    const asked = Object.fromEntries(start.searchParams);
    assert.equal(asked['code_challenge_method'], 'S256');
    for (const name of ['state', 'nonce', 'code_challenge']) assert.ok((asked[name] ?? '').length >= 43, name);
    const back = await signedIn(one);
    assert.deepEqual([back.status, back.headers.get('location')], [303, '/console/traces?model=chat']);
    assert.deepEqual([...one.cookies.keys()], ['causeway_session'], 'nothing else is left in the browser');
    assert.match(back.headers.getSetCookie()[0] ?? '', /HttpOnly; SameSite=Strict/);
    const session = await one.ask('/session');
    assert.deepEqual(session.json['operator'], {
      name: 'ada@example.com',
      role: 'admin',
      projects: null,
      by: 'single-sign-on',
    });
    const { json: audit } = await gateway.admin('/audit?actor=ada@example.com');
    assert.deepEqual(
      (audit['data'] as JsonObject[]).map(({ action }) => action),
      ['sign-in'],
    );
  });

  it('gives the highest role of the rules that are true, and none to whom none is', async () => {
    assert.deepEqual(await roleOf({ groups: ['llm-editors', 'x'] }), ['editor', null]);
    assert.deepEqual(await roleOf({ groups: [] }), ['viewer', ['support']]);
    assert.deepEqual(await roleOf({ groups: [], email: 'eve@example.com.evil' }), [403, true]);
    assert.deepEqual(await roleOf({ groups: [], email_verified: false }), [403, true]);
  });

  it('shows a page without scripts to whoever is refused, with their name as text', async () => {
    provider.signedIn = { sub: '<script>alert(1)</script>', groups: [] };
    const { status, headers, text } = await signedIn();
    assert.equal(status, 403);
    assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'/);
    assert.ok(text.includes('&lt;script&gt;') && !text.includes('<script'));
    assert.deepEqual(headers.getSetCookie(), []);
  });

  it('goes on to a page of the console and nowhere else', async () => {
    for (const to of [
      'https://evil.example/console/',
      '//evil.example/console/',
      '/\\evil.example',
      '/console/../admin/v1/keys',
      '/console/%2e%2e/admin/v1/keys',
      '/console/\\..\\..\\admin',
      'javascript:alert(1)',
      '/admin/v1/keys',
      '/console/\r\nset-cookie: a=b',
      `/console/${'x'.repeat(600)}`,
      '',
    ]) {
      const { headers } = await signedIn(browser(), to);
      const location = headers.get('location') ?? '';
      assert.match(location, /^\/console\/[^.\\]*$/, to);
      assert.equal(new URL(location, gateway.url).origin, gateway.url);
    }
  });

  it('is refused with a state of another attempt, without one, changed or used again', async () => {
    const [victim, attacker] = [browser(), browser()];
    await begun(victim);
    const stolen = await atProvider(await begun(attacker));
    const exchanges = provider.exchanges();
    assert.equal((await victim.fetch(stolen)).status, 401, 'the state is not of this browser');
    assert.equal((await browser().fetch(stolen)).status, 400, 'no attempt was begun there');
    const changed = browser();
    await begun(changed);
    for (const [name, value] of changed.cookies) changed.cookies.set(name, `${value.slice(0, -4)}AAAA`);
    assert.equal((await changed.fetch(stolen)).status, 400);
    assert.equal(provider.exchanges(), exchanges, 'nobody was asked to exchange it');
    const cookies = new Map(attacker.cookies);
    assert.equal((await attacker.fetch(stolen)).status, 303);
    for (const [name, value] of cookies) attacker.cookies.set(name, value);
    assert.equal((await attacker.fetch(stolen)).status, 401, 'a code is exchanged once');
    for (const one of [victim, changed]) assert.equal((await one.ask('/session')).status, 401);
  });

  it('is refused where what was sent along was changed on the way', async () => {
    for (const [name, value] of [
      ['nonce', 'another'],
      ['code_challenge', 'x'.repeat(43)],
    ] as const) {
      const one = browser();
      const start = new URL(await begun(one));
      start.searchParams.set(name, value);
      const { status } = await one.fetch(await atProvider(start.href));
      assert.deepEqual([status, (await one.ask('/session')).status], [401, 401], name);
    }
  });

  it('is refused where the identity provider says no, and holds up whoever tries too often', async () => {
    const one = browser();
    const statuses = [];
    for (let at = 0; at < 6; at += 1) {
      const state = new URL(await begun(one)).searchParams.get('state');
      const { status } = await one.fetch(`/admin/v1/session/sso/callback?error=access_denied&state=${state}`);
      statuses.push(status);
    }
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
  });

  it('ends with a sign-out at both, and where the rules change', async () => {
    const one = browser();
    await signedIn(one);
    const { json } = await one.ask('/session', { method: 'DELETE' });
    const url = new URL(json['sign_out_url'] as string);
    assert.equal(url.origin, provider.issuer);
    assert.equal(url.searchParams.get('post_logout_redirect_uri'), `${gateway.url}/console/`);
    assert.equal(url.searchParams.get('client_id'), provider.clientId);
    const other = browser();
    await signedIn(other);
    gateway.writeConfig(configOf(provider).replace('llm-admins', 'others'));
    gateway.reload();
    assert.equal((await other.ask('/session')).status, 401);
    gateway.writeConfig(configOf(provider));
    gateway.reload();
  });
});

describe('an identity provider', () => {
  it('whose ID token says little is asked for more', async () => {
    const sparse = await startIdentityProvider(gateway.url, false);
    gateway.writeConfig(configOf(sparse));
    gateway.reload();
    sparse.signedIn = ADA;
    const full = provider;
    provider = sparse;
    const one = browser();
    await signedIn(one);
    assert.deepEqual(((await one.ask('/session')).json['operator'] as JsonObject)['name'], 'ada@example.com');
    provider = full;
    await sparse.close();
  });

  it('that is away is said to be, and one that is none here is not found', async () => {
    gateway.writeConfig(configOf({ ...provider, issuer: `http://127.0.0.1:${await freePort()}` }));
    gateway.reload();
    const { status, text } = await browser().fetch(START);
    assert.deepEqual([status, /does not answer/.test(text)], [502, true]);
    gateway.writeConfig('');
    gateway.reload();
    assert.equal((await browser().fetch(START)).status, 404);
    assert.equal((await browser().ask('/session/ways')).json['sso'], null);
  });
});
