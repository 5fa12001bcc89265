import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const row = (parts: JsonObject = {}): JsonObject => {
  return { family: 'simulator', model: 'echo', from: '2026-11-21', source: 'a test', input: 7, output: 7, ...parts };
};

let gateway: Gateway;
let folder: string;
before(async () => {
  gateway = await startGateway({
    config: `
providers: { sim: { type: simulator } }
prices:
  sim/large: { input: 1, output: 2, fees: { request: 1 } }
`,
  });
  folder = dirname(gateway.configPath);
});
after(() => gateway.close());

/** One call; its trace's attempt. */
async function call(model: string) {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello there' }] }),
  });
  assert.equal(response.status, 200, await response.clone().text());
  const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
  const [attempt] = trace.attempts;
  assert.ok(attempt);
  return { trace, attempt };
}

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line as a person runs it, beside the gateway. */
function causeway(...args: string[]): Promise<Outcome> {
  const env = {
    ...process.env,
    DATABASE_URL: '',
    CAUSEWAY_DATA_DIR: join(folder, 'data'),
    CAUSEWAY_CONFIG: gateway.configPath,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, 'prices', ...args], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out: out.trim(), err }),
    );
  });
}

function write(name: string, document: object | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  return path;
}

describe('stored prices of a running gateway', () => {
  test('a price that is stored settles the next request, and past ones keep their cost', async () => {
    const first = await call('sim/echo');
    assert.match(first.attempt.price_version ?? '', /^list:simulator\/echo@/);
    const stored = await gateway.admin('/prices', { method: 'POST', body: { prices: [row()] } });
    assert.equal(stored.status, 200, stored.text);
    assert.deepEqual(stored.json, { added: ['simulator/echo@2026-11-21'], unchanged: 0, from_config: 0 });
    const second = await call('sim/echo');
    assert.match(second.attempt.price_version ?? '', /^stored:simulator\/echo@2026-11-21#/);
    const { input, output } = second.trace.tokens;
    assert.equal(second.trace.cost_usd, Number((((input ?? 0) + (output ?? 0)) * 7e-6).toFixed(9)));
    const again = await gateway.trace(first.trace.trace_id);
    assert.equal(again.cost_usd, first.trace.cost_usd);
    assert.equal(again.attempts[0]?.price_version, first.attempt.price_version);
  });

  test('a price that the command line stores is in force within about a second', async () => {
    const path = write(
      'new.yaml',
      `prices:\n  - {family: simulator, model: small, from: "2026-11-21", source: s, input: 5, output: 5}\n`,
    );
    const dry = await causeway('update', path, '--dry-run');
    assert.deepEqual(
      [dry.code, dry.out],
      [0, 'new        simulator/small@2026-11-21\n1 new (would be stored), 0 unchanged, 0 refused.'],
    );
    assert.match((await call('sim/small')).attempt.price_version ?? '', /^list:/);
    const done = await causeway('update', path);
    assert.equal(done.code, 0, done.err);
    const limit = performance.now() + 10_000;
    for (;;) {
      const { attempt } = await call('sim/small');
      if (attempt.price_version?.startsWith('stored:')) break;
      assert.ok(performance.now() < limit, 'the gateway never took the price');
    }
    assert.match((await causeway('update', path)).out, /^0 new \(stored\), 1 unchanged, 0 refused\.$/);
  });

  test('other numbers for a stored row are refused and nothing is stored', async () => {
    await gateway.admin('/prices', { method: 'POST', body: { prices: [row()] } });
    const body = { prices: [row({ model: 'untouched' }), row({ input: 8 })] };
    const { status, json } = await gateway.admin('/prices', { method: 'POST', body });
    assert.equal(status, 400);
    assert.match(
      JSON.stringify(json),
      /simulator\/echo@2026-11-21 is stored with other numbers: input 8 \(stored: 7\)/,
    );
    const { code, out } = await causeway('update', write('other.json', body));
    assert.equal(code, 1);
    assert.match(
      out,
      /is stored with other numbers.*\nA row never changes.*\n1 new \(not stored\), 0 unchanged, 1 refused\.$/,
    );
    const { json: listed } = await gateway.admin('/prices?model=untouched');
    assert.deepEqual(listed['data'], []);
  });

  test('a bad document names the row and the field', async () => {
    const body = { prices: [row(), row({ input: 'much' })] };
    const { status, json } = await gateway.admin('/prices', { method: 'POST', body });
    assert.equal(status, 400);
    assert.equal((json['error'] as JsonObject)['param'], 'prices[1].input');
    const { code, err } = await causeway('update', write('bad.json', body));
    assert.equal(code, 1);
    assert.match(err, /bad\.json cannot be used:\n {2}prices\[1\]\.input: must be number/);
  });

  test('the list is read page by page and fed back without a change', async () => {
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const { json }: { json: JsonObject } = await gateway.admin(
        `/prices?all=true&limit=7${next === '' ? '' : `&cursor=${next}`}`,
      );
      seen.push(...(json['data'] as JsonObject[]).map(({ version }) => version as string));
      next = json['next'] as string | null;
    }
    const { out } = await causeway('list', '--all', '--json');
    const document = JSON.parse(out) as { prices: JsonObject[] };
    assert.deepEqual(
      seen,
      document.prices.map(({ version }) => version),
    );
    assert.equal(new Set(seen).size, seen.length);
    const inForce = (await causeway('list', '--json')).out;
    const { code, out: said } = await causeway('update', write('export.json', inForce));
    assert.equal(code, 0);
    assert.match(said, /^0 new \(stored\), \d+ unchanged, 0 refused\.\n1 are of causeway\.yaml/);
    const table = await causeway('list', '--family', 'sim');
    assert.match(table.out, /sim +large +always +config +1 +2 +- +fees +causeway\.yaml/);
  });

  test('targets without a price are shown until they have one, and can be priced afterwards', async () => {
    const { trace } = await call('sim/nameless');
    assert.equal(trace.cost_usd, null);
    const missing = async () => (await gateway.admin('/prices/missing')).json['data'] as JsonObject[];
    const [before_] = await missing();
    assert.deepEqual(
      [before_?.['target'], before_?.['requests'], before_?.['priced_today'], before_?.['tokens']],
      ['sim/nameless', 1, false, { input: trace.tokens.input, output: trace.tokens.output }],
    );
    assert.match((await causeway('missing', '--since', '1d')).out, /sim\/nameless +1 .* no price$/);
    const price = row({ model: 'nameless', input: 1, output: 1 });
    await gateway.admin('/prices', { method: 'POST', body: { prices: [price] } });
    assert.equal((await missing())[0]?.['priced_today'], true);
    const { json } = await gateway.admin('/prices/compare', { method: 'POST', body: { by: ['target'] } });
    const group = (json['data'] as JsonObject[]).find(({ target }) => target === 'sim/nameless');
    const cost = ((trace.tokens.input ?? 0) + (trace.tokens.output ?? 0)) / 1e6;
    assert.deepEqual(
      [group?.['booked_usd'], group?.['unbooked_attempts'], group?.['newly_priced_usd'], group?.['difference_usd']],
      [0, 1, Number(cost.toFixed(9)), 0],
    );
    assert.equal((await gateway.trace(trace.trace_id)).cost_usd, null, 'what is recorded stays');
  });

  test('what-if prices stand before those of today, whenever they begin, and are not stored', async () => {
    const { trace } = await call('sim/large');
    const tokens = (trace.tokens.input ?? 0) + (trace.tokens.output ?? 0);
    const path = write('what-if.json', {
      prices: [row({ model: 'large', from: '2099-01-01', input: 1000, output: 1000 })],
    });
    const { code, out, err } = await causeway('compare', '--by', 'target,day', '--prices', path, '--json');
    assert.equal(code, 0, err);
    const group = (JSON.parse(out) as JsonObject[]).find(({ target }) => target === 'sim/large');
    assert.equal(group?.['booked_usd'], trace.cost_usd);
    assert.equal(group?.['repriced_usd'], Number((tokens / 1000).toFixed(9)));
    assert.match((await causeway('compare')).out, /sim\/large +1 /);
    const { json } = await gateway.admin('/prices?all=true&family=simulator&model=large');
    assert.equal((json['data'] as JsonObject[]).length, 1);
  });

  test('wrong questions say what is right', async () => {
    const wrong: readonly (readonly [path: string, says: RegExp])[] = [
      ['/prices?limit=0', /`limit`/],
      ['/prices?all=maybe', /`all` \(query\) must be true or false/],
      ['/prices?cursor=x', /`cursor`/],
      ['/prices?famly=x', /`famly` \(query\) is not known here/],
      ['/prices/missing?since=yesterday', /`since`/],
    ];
    for (const [path, says] of wrong) {
      const { status, text } = await gateway.admin(path);
      assert.equal(status, 400, path);
      assert.match((JSON.parse(text) as { error: { message: string } }).error.message, says);
    }
    for (const body of [{ by: ['x'] }, { by: 'target' }, { since: 5 }, { nothing: 1 }, { prices: [{}] }, []]) {
      assert.equal(
        (await gateway.admin('/prices/compare', { method: 'POST', body })).status,
        400,
        JSON.stringify(body),
      );
    }
  });
});

describe('causeway prices', () => {
  let server: Server;
  let address: string;
  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/away') response.writeHead(302, { location: '/prices.json' }).end();
      else if (request.url === '/large') response.end(Buffer.alloc(6 * 1024 * 1024, ' '));
      else if (request.url === '/prices.json')
        response.end(JSON.stringify({ prices: [row({ model: 'fetched', from: '2026-11-22' })] }));
      else response.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => new Promise((done) => server.close(done)));

  test('fetches a document; redirects are not followed, sizes and answers are checked', async () => {
    assert.match(
      (await causeway('update', `${address}/prices.json`)).out,
      /^new +simulator\/fetched@2026-11-22\n1 new \(stored\)/,
    );
    const refused: readonly (readonly [path: string, says: RegExp])[] = [
      ['/away', /answered 302 \(redirects are not followed/],
      ['/nothing', /answered 404/],
      ['/large', /larger than 5 MB/],
    ];
    for (const [path, says] of refused) {
      const { code, err } = await causeway('update', `${address}${path}`);
      assert.equal(code, 1, path);
      assert.match(err, says);
    }
  });

  test('wrong words end with 2 and say what is right', async () => {
    const wrong: readonly (readonly [string[], RegExp])[] = [
      [['destroy'], /list, missing, update, compare/],
      [['update'], /needs a file or an https URL/],
      [['update', 'a', 'b'], /"b" is one word too many/],
      [['update', 'http://example.com/prices.json'], /fetched over https/],
      [['list', '--since', '1d'], /prices list does not take --since/],
      [['compare', '--by', 'colour'], /knows no "colour"/],
      [['missing', '--since', 'soon'], /`since` must be a time/],
      [['list', '--colour'], /colour/],
    ];
    for (const [args, says] of wrong) {
      const { code, err } = await causeway(...args);
      assert.equal(code, 2, `${args.join(' ')}: ${err}`);
      assert.match(err, says);
    }
    const { code, out } = await causeway('update', '--help');
    assert.equal(code, 0);
    assert.match(out, /^Usage: causeway prices list/);
    assert.equal((await causeway()).code, 2);
    assert.equal((await causeway('update', join(folder, 'nowhere.json'))).code, 1);
    assert.ok(readFileSync(gateway.configPath, 'utf8').includes('sim/large'));
  });
});
