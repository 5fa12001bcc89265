import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { type Json, type JsonObject, isJsonObject } from '../../src/core/json.ts';
import { type Role, mayActAs } from '../../src/core/operator.ts';
import { RULES } from '../../src/operators/roles/rules.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

/** Who looks, whose things they are, and a word of each project that stands in everything of it. */
const [MINE, THEIRS] = ['pear-project', 'plum-project'] as const;
const REVIEWED = 'purple elephant';
const CONFIG = `
server: { trustedProxies: 1 }
models:
  model-of-${MINE}: { target: sim/echo, guards: careful, cache: { exact: { ttl: 1h } } }
  model-of-${THEIRS}: { target: sim/echo, guards: careful, cache: { exact: { ttl: 1h } } }
prices:
  sim/echo: { input: 1, output: 1 }
guards:
  careful: { keywords: { lists: { house: { words: [${REVIEWED}] } }, input: review, output: 'off' } }
budgets:
  - { per: project, usd: 50, period: day }
  - { per: user, usd: 50, period: day }
`;
/** Everybody may ask for these. */
const OPEN = new Set([
  'GET /admin/v1/session/ways',
  'POST /admin/v1/session',
  'GET /admin/v1/session/sso/start',
  'GET /admin/v1/session/sso/callback',
]);
const MOST_WAIT_MS = 10_000;

interface Route {
  readonly method: string;
  /** As the rules write it. */
  readonly route: string;
  readonly key: string;
}

let gateway: Gateway;
let routes: Route[];
const keys = {} as Record<Role | 'scoped', string>;

before(async () => {
  gateway = await startGateway({ config: CONFIG, env: { CAUSEWAY_MASTER_KEY: 'a master key of the tests' } });
  const { paths } = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  routes = Object.entries(paths)
    .filter(([path]) => path.startsWith('/admin/v1/'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => routeOf(method.toUpperCase(), path)))
    .filter(({ key }) => !OPEN.has(key));
  for (const role of ['viewer', 'editor', 'admin'] as const) keys[role] = await operatorKey({ name: role, role });
  keys.scoped = await operatorKey({ name: 'scoped', role: 'viewer', projects: [MINE] });
});
after(() => gateway.close());

function routeOf(method: string, path: string): Route {
  const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
  return { method, route, key: `${method} ${route}` };
}

async function operatorKey(body: JsonObject): Promise<string> {
  const { status, json, text } = await gateway.admin('/operators', { method: 'POST', body });
  assert.equal(status, 201, text);
  return json['key'] as string;
}

interface Asking {
  readonly from?: string | undefined;
  readonly method?: string;
  readonly body?: Json | undefined;
}

/** What came, of a stream its first piece. */
async function ask(key: string | undefined, path: string, { method = 'GET', body, from }: Asking = {}) {
  const stop = new AbortController();
  const response = await fetch(new URL(path, gateway.url), {
    method,
    signal: stop.signal,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : JSON_HEADERS),
      ...(from === undefined ? {} : { 'x-forwarded-for': from }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await textOf(response);
  stop.abort();
  return { status: response.status, text };
}

async function textOf(response: Response): Promise<string> {
  if (!/event-stream/.test(response.headers.get('content-type') ?? '')) return response.text();
  const first = await response.body?.getReader().read();
  return Buffer.from(first?.value ?? []).toString();
}

const anyOf = (route: string): string => route.replaceAll(/:\w+/g, 'none');

describe('every route of the admin API', () => {
  it('is in the table of rules, and every rule is of a route', () => {
    assert.deepEqual(routes.map(({ key }) => key).toSorted(), Object.keys(RULES).toSorted());
  });

  it('is closed to whoever has no key of an operator, and says nothing else', async () => {
    for (const key of [undefined, gateway.apiKey]) {
      for (const [at, { method, route }] of routes.entries()) {
        // Whoever tries too many keys is held up.
        const { status, text } = await ask(key, anyOf(route), { method, from: `192.0.2.${at}` });
        assert.equal(status, 401, `${method} ${route}`);
        assert.deepEqual(Object.keys(JSON.parse(text) as object), ['error']);
      }
    }
  });

  it('does for each role what its rule says: a viewer can change nothing', async () => {
    for (const role of ['viewer', 'editor', 'admin'] as const) {
      for (const { method, route, key } of routes.filter((one) => one.method !== 'DELETE' || role === 'viewer')) {
        if (key === 'DELETE /admin/v1/session') continue;
        // A body that is right nowhere: who is let in changes nothing either.
        const { status } = await ask(keys[role], anyOf(route), { method, body: method === 'GET' ? undefined : [] });
        const isIn = mayActAs(role, RULES[key]?.role ?? 'admin');
        assert.equal(status !== 403, isIn, `${key} by ${role}: ${status}`);
        assert.notEqual(status, 401);
      }
    }
  });
});

/** What there is of a project, everywhere that something of projects is kept. */
interface Things {
  readonly project: string;
  readonly ids: ReadonlySet<string>;
  /** Words that stand in nothing of another project. */
  readonly marks: readonly string[];
}

async function makeThings(project: string): Promise<Things> {
  const mark = `mark-of-${project}`;
  const { json: key } = await gateway.admin('/keys', { method: 'POST', body: { project, user: `${mark}-user` } });
  const headers = {
    ...JSON_HEADERS,
    authorization: `Bearer ${key['key'] as string}`,
    'x-causeway-conversation': `${mark}-thread`,
    'x-causeway-metadata': JSON.stringify({ team: mark }),
  };
  const chat = async (text: string) => {
    const messages = [{ role: 'user', content: text }];
    const body = JSON.stringify({ model: `model-of-${project}`, max_tokens: 20, messages });
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body });
    return { id: response.headers.get('x-causeway-request-id') ?? '', text: await response.text() };
  };
  const { id: trace } = await chat(`${mark} says hello`);
  // Kept now, so that it is saved.
  await chat(`${mark} says hello`);
  const [review] = /rev_[\da-f]{24}/.exec((await chat(`${mark} ${REVIEWED}`)).text) ?? [];
  assert.ok(review);
  await gateway.trace(trace);
  const said = { trace_id: trace, thumb: 'up', comment: `${mark} liked it` };
  assert.equal((await ask(key['key'] as string, '/v1/feedback', { method: 'POST', body: said })).status, 201);
  const budget = { per: 'project', id: project, usd: 7, period: 'day' };
  assert.equal((await gateway.admin(`/budgets/${mark}`, { method: 'PUT', body: budget })).status, 200);
  const blocked = { kind: 'user', value: `${project}/${mark}-nobody`, reason: mark };
  await gateway.admin('/blocks', { method: 'POST', body: blocked });
  await gateway.admin(`/organisations/${mark}-org`, { method: 'PUT', body: { projects: [project] } });
  const ids = new Set([key['id'] as string, trace, review, mark, `${mark}-thread`, `${mark}-org`, project]);
  return { project, ids, marks: [mark, project, key['id'] as string, trace, review] };
}

/** All that a text says, with what stands in cursors. */
function saidBy(text: string): string {
  const cursors = text.match(/"next":"[\w-]+"/g) ?? [];
  return [text, ...cursors.map((cursor) => Buffer.from(cursor.slice(8, -1), 'base64url').toString())].join('\n');
}

describe('a viewer of one project', () => {
  let mine: Things;
  let theirs: Things;
  before(async () => {
    mine = await makeThings(MINE);
    theirs = await makeThings(THEIRS);
    const limit = performance.now() + MOST_WAIT_MS;
    for (;;) {
      const { json } = await gateway.admin('/usage?by=project');
      const projects = new Set((json['data'] as Json[]).map((row) => isJsonObject(row) && row['project']));
      if ([MINE, THEIRS].every((project) => projects.has(project))) break;
      assert.ok(performance.now() < limit);
    }
  });

  function* askings(route: string, things: Things): Generator<string> {
    const paths = route.includes('/:')
      ? [...things.ids].map((id) => route.replace(/:\w+/, encodeURIComponent(id)))
      : [route];
    const [mark = ''] = things.marks;
    const queries = ['', `?project=${MINE}`, `?project=${THEIRS}`, `?project=${MINE}&project=${THEIRS}`, `?q=${mark}`];
    const more = [
      '?limit=1',
      `?subject=${MINE}`,
      `?subject=${THEIRS}`,
      '?by=project',
      '?by=project,user',
      '?by=project&format=csv',
      '?bodies=true',
    ];
    for (const path of paths) for (const query of [...queries, ...more]) yield `${path}${query}`;
  }

  it('sees nothing of another, on any route, whatever they ask', async () => {
    const seen = { mine: new Set<string>(), theirs: new Set<string>() };
    for (const { method, route } of routes.filter((one) => one.method === 'GET')) {
      for (const things of [mine, theirs]) {
        for (const url of askings(route, things)) {
          const { status, text } = await ask(keys.scoped, url, { method });
          const said = status < 400 ? saidBy(text) : text;
          for (const mark of theirs.marks) {
            // A refusal may say again what was asked.
            if (status >= 400 && url.includes(mark)) continue;
            assert.ok(!said.includes(mark), `${url} (${status}) says ${mark}: ${text.slice(0, 500)}`);
          }
          if (status < 400 && mine.marks.some((mark) => said.includes(mark))) seen.mine.add(route);
          if (things === theirs && (await adminSees(url, theirs))) seen.theirs.add(route);
        }
      }
    }
    const held = Object.entries(RULES).flatMap(([key, { scope }]) => (scope && scope !== 'open' ? [key.slice(4)] : []));
    // What is not looked at would not be noticed.
    const served = new Set(routes.map(({ route }) => route));
    for (const [whose, routesSeen] of Object.entries(seen)) {
      assert.deepEqual(
        held.filter((route) => served.has(route) && !routesSeen.has(route)),
        [],
        whose,
      );
    }
  });

  async function adminSees(url: string, { marks }: Things): Promise<boolean> {
    const { status, text } = await ask(gateway.adminKey, url);
    return status < 400 && marks.some((mark) => text.includes(mark));
  }

  it('is told what they may ask for, and may say nothing', async () => {
    const refused = await ask(keys.scoped, `/admin/v1/traces?project=${THEIRS}`);
    assert.deepEqual([refused.status, refused.text.includes(MINE)], [400, true]);
    assert.equal((await ask(keys.scoped, '/admin/v1/events')).status, 403);
    const several = await operatorKey({ name: 'two', role: 'viewer', projects: [MINE, THEIRS] });
    assert.equal((await ask(several, '/admin/v1/traces')).status, 400);
    assert.equal((await ask(several, `/admin/v1/traces?project=${THEIRS}`)).status, 200);
    const said = { trace_id: '0'.repeat(32), thumb: 'up' };
    assert.equal((await ask(keys.scoped, '/v1/feedback', { method: 'POST', body: said })).status, 403);
  });
});
