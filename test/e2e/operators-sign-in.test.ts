import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type BrowserAnswer, type BrowserRequest, OperatorBrowser } from '../support/operator-browser.ts';

let gateway: Gateway;
before(async () => (gateway = await startGateway({ config: 'server: { trustedProxies: 1 }\n' })));
after(() => gateway.close());

let addresses = 0;
/** Each comes from an address of its own, so that what fails in one test is not counted in the next. */
function browser(headers: Record<string, string> = {}): OperatorBrowser {
  addresses += 1;
  return new OperatorBrowser(() => gateway.url, { 'x-forwarded-for': `192.0.2.${addresses}`, ...headers });
}

async function signedIn(): Promise<OperatorBrowser> {
  const one = browser();
  await one.signIn(gateway.adminKey);
  return one;
}

async function makeOperator(body: JsonObject): Promise<{ id: string; key: string }> {
  const { status, json, text } = await gateway.admin('/operators', { method: 'POST', body });
  assert.equal(status, 201, text);
  return json as { id: string; key: string };
}

const codeOf = ({ status, json }: BrowserAnswer) => [status, (json['error'] as JsonObject | undefined)?.['code']];

describe('signing in', () => {
  it('is told of, and gives a cookie that no script reads and no other site sends', async () => {
    const one = browser();
    const ways = await one.ask('/session/ways');
    assert.deepEqual(ways.json, { key: true, admin_key: 'environment', sso: null });
    assert.deepEqual(codeOf(await one.ask('/session')), [401, 'auth_missing_key']);
    const { headers, json } = await one.signIn(gateway.adminKey);
    const [cookie = ''] = headers.getSetCookie();
    assert.match(cookie, /^causeway_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/);
    assert.deepEqual(json['operator'], { name: 'admin key', role: 'admin', projects: null, by: 'admin-key' });
    const leftMs = Date.parse(json['expires_at'] as string) - Date.now();
    assert.ok(leftMs > 11.9 * 3_600_000 && leftMs <= 12 * 3_600_000);
    assert.deepEqual((await one.ask('/session')).json, json);
    assert.equal((await one.ask('/keys')).status, 200);
  });

  it('behind https the cookie is for https alone, and one that came by http opens nothing', async () => {
    const one = browser({ 'x-forwarded-proto': 'https' });
    const { headers } = await one.signIn(gateway.adminKey);
    assert.match(
      headers.getSetCookie()[0] ?? '',
      /^__Host-causeway_session=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Secure; /,
    );
    assert.equal((await one.ask('/session')).status, 200);
    const [token = ''] = one.cookies.values();
    const cookie = `causeway_session=${token}`;
    assert.equal((await browser({ 'x-forwarded-proto': 'https', cookie }).ask('/session')).status, 401);
  });

  it('ends by signing out', async () => {
    const one = await signedIn();
    const cookies = new Map(one.cookies);
    const { json } = await one.ask('/session', { method: 'DELETE' });
    assert.deepEqual([json, one.cookies.size], [{ ended: true, sign_out_url: null }, 0]);
    for (const [name, value] of cookies) one.cookies.set(name, value);
    assert.deepEqual(codeOf(await one.ask('/keys')), [401, 'auth_invalid_key']);
  });

  it('is refused with a wrong key, and after five of them with the right one too', async () => {
    const one = browser();
    const tryKey = (key: string) => one.ask('/session', { method: 'POST', body: { key } });
    for (const key of ['x', 'cwo-wrong', gateway.apiKey, `${gateway.adminKey} `, 'y']) {
      assert.deepEqual(codeOf(await tryKey(key)), [401, 'auth_invalid_key']);
    }
    const refused = await tryKey(gateway.adminKey);
    assert.deepEqual(codeOf(refused), [429, 'limit_requests']);
    assert.ok(Number(refused.headers.get('retry-after')) > 50);
    assert.equal((await browser().signIn(gateway.adminKey)).status, 200, 'others are let in');
    const { json } = await gateway.admin('/audit?action=sign-in&actor=unknown');
    assert.equal(
      (json['data'] as JsonObject[]).filter(({ address }) => address === `192.0.2.${addresses - 1}`).length,
      5,
    );
  });

  it('takes no form and no page of another site', async () => {
    const one = browser();
    const body = { key: gateway.adminKey };
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
    ]) {
      const { status } = await one.ask('/session', { method: 'POST', body, headers });
      assert.ok(status === 415 || status === 403, `${JSON.stringify(headers)} ${status}`);
    }
    assert.equal(one.cookies.size, 0);
  });
});

describe('what a session changes', () => {
  const body = { project: 'of-a-session' };
  const post = (one: OperatorBrowser, headers: BrowserRequest['headers'] = {}) =>
    one.ask('/keys', { method: 'POST', body, headers });

  it('comes from the console, whatever a page of somebody else sends', async () => {
    const one = await signedIn();
    const host = new URL(gateway.url).host;
    const cases: [BrowserRequest['headers'], number][] = [
      [{}, 201],
      [{ 'sec-fetch-site': undefined }, 201],
      [{ 'sec-fetch-site': undefined, origin: `http://${host}` }, 201],
      [{ origin: 'https://rewritten.example' }, 201],
      [{ 'content-type': 'application/json; charset=utf-8' }, 201],
      [{ 'x-causeway-console': undefined }, 403],
      [{ 'x-causeway-console': '0' }, 403],
      [{ 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'sec-fetch-site': 'same-site' }, 403],
      [{ 'sec-fetch-site': 'none' }, 403],
      [{ 'sec-fetch-site': undefined, origin: 'https://evil.example' }, 403],
      [{ 'sec-fetch-site': undefined, origin: `http://${host}1` }, 403],
      [{ 'sec-fetch-site': undefined, origin: 'null' }, 403],
      [{ 'content-type': 'text/plain' }, 403],
      [{ 'content-type': 'application/x-www-form-urlencoded' }, 403],
      [{ 'content-type': 'application/jsonp' }, 403],
    ];
    for (const [headers, status] of cases)
      assert.equal((await post(one, headers)).status, status, JSON.stringify(headers));
  });

  it('needs none of that where a key is sent, and reading needs none at all', async () => {
    const authorization = `Bearer ${gateway.adminKey}`;
    const bare = { 'x-causeway-console': undefined, 'sec-fetch-site': 'cross-site', authorization };
    assert.equal((await post(await signedIn(), bare)).status, 201);
    assert.equal((await (await signedIn()).ask('/keys', { headers: { 'sec-fetch-site': 'cross-site' } })).status, 200);
  });

  it('is nothing for a key that is wrong, also beside a session that is right', async () => {
    assert.equal((await (await signedIn()).ask('/keys', { headers: { authorization: 'Bearer nope' } })).status, 401);
  });
});

describe('keys of operators', () => {
  it('are shown once, open the admin API and the console, and end with what they opened', async () => {
    const { id, key } = await makeOperator({ name: 'ada@example.com', role: 'editor' });
    const asAda = { authorization: `Bearer ${key}` };
    assert.match(key, /^cwo-[\w-]{43}$/);
    const listed = await gateway.admin('/operators');
    assert.ok(listed.text.includes(id) && !listed.text.includes(key));
    const one = browser();
    const { json } = await one.signIn(key);
    assert.deepEqual(json['operator'], { name: 'ada@example.com', role: 'editor', projects: null, by: 'operator-key' });
    assert.equal((await browser().ask('/keys', { headers: asAda })).status, 200);
    assert.equal((await gateway.admin(`/operators/${id}`, { method: 'DELETE' })).status, 200);
    assert.deepEqual(codeOf(await one.ask('/keys')), [401, 'auth_invalid_key']);
    assert.deepEqual(codeOf(await browser().ask('/keys', { headers: asAda })), [401, 'auth_invalid_key']);
    assert.equal((await gateway.admin(`/operators/${id}`, { method: 'DELETE' })).status, 404);
    assert.ok((await gateway.admin(`/operators/${id}`)).json['revoked_at']);
  });

  it('are refused where they say what cannot be', async () => {
    for (const body of [
      { name: ' ', role: 'viewer' },
      { name: 'Admin Key', role: 'viewer' },
      { name: 'x', role: 'root' },
      { name: 'x', role: 'editor', projects: ['a'] },
      { name: 'x', role: 'viewer', projects: [] },
      { name: 'x', role: 'viewer', expires_at: '2020-01-01T00:00:00Z' },
      { name: 'x', role: 'viewer', expires_at: 'soon' },
    ]) {
      assert.equal((await gateway.admin('/operators', { method: 'POST', body })).status, 400, JSON.stringify(body));
    }
    assert.equal((await gateway.admin('/operators/no-uuid')).status, 404);
    assert.equal((await gateway.admin('/operators?cursor=MTIzLng')).status, 400);
  });

  it('that guess are held up, while those that were right go on', async () => {
    const forwarded = { 'x-forwarded-for': '198.51.100.7' };
    const ask = async (key: string) => {
      const headers = { ...forwarded, authorization: `Bearer ${key}` };
      return (await fetch(`${gateway.url}/admin/v1/session`, { headers })).status;
    };
    assert.equal(await ask(gateway.adminKey), 200);
    const statuses = [];
    for (let at = 0; at < 61; at += 1) statuses.push(await ask(`guess-${at}`));
    assert.deepEqual([statuses.indexOf(429), new Set(statuses)], [60, new Set([401, 429])]);
    assert.equal(await ask(gateway.adminKey), 200);
  });
});

describe('routes of clients', () => {
  it('hold up who guesses keys of operators there, and leave keys of clients alone', async () => {
    const post = async (key: string) => {
      const headers = {
        'x-forwarded-for': '198.51.100.8',
        'content-type': 'application/json',
        authorization: `Bearer ${key}`,
      };
      return (await fetch(`${gateway.url}/v1/feedback`, { method: 'POST', headers, body: '{}' })).status;
    };
    const statuses = [];
    for (let at = 0; at < 61; at += 1) statuses.push(await post(`guess-${at}`));
    assert.deepEqual([statuses.indexOf(429), new Set(statuses)], [60, new Set([401, 429])]);
    assert.equal(await post(gateway.adminKey), 429, 'a right one is not told apart');
    assert.equal(await post(gateway.apiKey), 400);
  });
});

describe('sessions', () => {
  it('are listed for admins, who end those of others', async () => {
    const { key } = await makeOperator({ name: 'eve', role: 'viewer' });
    const [admin, eve] = [await signedIn(), browser()];
    await eve.signIn(key);
    assert.equal((await eve.ask('/sessions')).status, 403);
    const { json, text } = await admin.ask('/sessions');
    const all = json['data'] as JsonObject[];
    assert.ok(![...eve.cookies.values()].some((token) => text.includes(token)));
    assert.deepEqual(all.filter(({ current }) => current).length, 1);
    const ofEve = all.find(({ name }) => name === 'eve');
    assert.ok(ofEve);
    assert.equal((await admin.ask(`/sessions/${ofEve['id'] as string}`, { method: 'DELETE' })).status, 200);
    assert.equal((await eve.ask('/session')).status, 401);
    assert.equal((await admin.ask(`/sessions/${ofEve['id'] as string}`, { method: 'DELETE' })).status, 404);
  });

  it('go on after a restart', async () => {
    const one = await signedIn();
    await gateway.restart();
    assert.equal((await one.ask('/session')).status, 200);
  });
});
