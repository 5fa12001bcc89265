import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { ConsoleFiles } from '../../src/edge/console/console-files.ts';
import { type FakeEdge, startEdge } from './fake-edge.ts';

const PAGE = '<!doctype html><script type="module" src="/console/assets/index-Ab12_-9x.js"></script>';
const SCRIPT = `console.log("${'bridge '.repeat(300)}");`;
const OUTSIDE = 'what lies beside the console';

interface Site extends FakeEdge {
  readonly files: ConsoleFiles;
  readonly folder: string;
  readonly faults: unknown[];
  /** Lets the folder be looked at again. */
  later(): void;
  build(page?: string): void;
}

async function openSite(t: TestContext): Promise<Site> {
  const outer = mkdtempSync(join(tmpdir(), 'causeway-console-'));
  t.after(() => rmSync(outer, { recursive: true, force: true }));
  const folder = join(outer, 'dist');
  writeFileSync(join(outer, 'outside.txt'), OUTSIDE);
  let at = 0;
  const faults: unknown[] = [];
  const clock = { now: () => Date.now(), monotonic: () => at };
  const files = new ConsoleFiles({ folder, clock, onFault: (error) => faults.push(error) });
  const edge = await startEdge(t, { console: files });
  return {
    ...edge,
    files,
    folder,
    faults,
    later: () => void (at += 1000),
    build: (page = PAGE) => build(folder, page),
  };
}

function build(folder: string, page: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'assets'), { recursive: true });
  const script = join(folder, 'assets/index-Ab12_-9x.js');
  writeFileSync(script, SCRIPT);
  writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT));
  writeFileSync(`${script}.gz`, gzipSync(SCRIPT));
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  symlinkSync(join(folder, '../outside.txt'), join(folder, 'linked.txt'));
  writeFileSync(join(folder, 'index.html'), page);
}

const plain = (headers: Record<string, string> = {}): RequestInit => ({
  headers: { 'accept-encoding': 'identity', ...headers },
  redirect: 'manual',
});

test('the page is served for every path of the console that names no file', async (t) => {
  const site = await openSite(t);
  site.build();
  for (const path of [
    '',
    'index.html',
    'requests',
    'requests/0af7/spans?tab=cost',
    'models/openai%2Fgpt-5.1',
    'a.b/c',
  ]) {
    const answer = await fetch(`${site.url}/console/${path}`, plain());
    assert.deepEqual([answer.status, await answer.text()], [200, PAGE], path);
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
  }
  assert.deepEqual(site.refusals, [], 'looking at the console is no request of a client');
});

test('its policy allows no script and no style that is not a file of ours', async (t) => {
  const site = await openSite(t);
  site.build();
  const { headers } = await fetch(`${site.url}/console/`, plain());
  const policy = new Map(
    headers
      .get('content-security-policy')
      ?.split('; ')
      .map((rule) => [rule.slice(0, rule.indexOf(' ')), rule.slice(rule.indexOf(' ') + 1)]),
  );
  assert.equal(policy.get('default-src'), "'none'");
  assert.equal(policy.get('script-src'), "'self'");
  assert.equal(policy.get('style-src'), "'self'");
  assert.equal(policy.get('connect-src'), "'self'");
  assert.equal(policy.get('frame-ancestors'), "'none'");
  assert.equal(policy.get('base-uri'), "'none'");
  assert.equal(policy.get('form-action'), "'self'");
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
  assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
});

test('hashed files are kept for ever and sent compressed to who takes that; others are asked for anew', async (t) => {
  const site = await openSite(t);
  site.build();
  const script = `${site.url}/console/assets/index-Ab12_-9x.js`;
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', null],
  ] as const) {
    const answer = await fetch(script, plain({ 'accept-encoding': accepted }));
    assert.equal(answer.headers.get('content-encoding'), encoding, accepted);
    assert.equal(await answer.text(), SCRIPT);
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(answer.headers.get('vary'), 'accept-encoding');
    assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8');
    const etag = answer.headers.get('etag') ?? '';
    const again = await fetch(script, plain({ 'accept-encoding': accepted, 'if-none-match': `"other", W/${etag}` }));
    assert.deepEqual([again.status, await again.text()], [304, '']);
    const changed = await fetch(script, plain({ 'accept-encoding': accepted, 'if-none-match': '"other"' }));
    assert.equal(changed.status, 200);
    await changed.text();
  }
  const icon = await fetch(`${site.url}/console/favicon.svg`, plain());
  assert.deepEqual([icon.headers.get('cache-control'), await icon.text()], ['no-cache', '<svg/>']);
  const head = await fetch(script, { ...plain(), method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('content-length')], [200, String(SCRIPT.length)]);
});

test('a page with a mark for it gets another nonce in each answer, and is not kept', async (t) => {
  const site = await openSite(t);
  site.build('<meta property="csp-nonce" nonce="__CSP_NONCE__"><link nonce="__CSP_NONCE__">');
  const nonces = [];
  for (let time = 0; time < 2; time += 1) {
    const answer = await fetch(`${site.url}/console/`, plain());
    const [, nonce = ''] =
      /style-src 'self' 'nonce-([\w+/=]{20,})'/.exec(answer.headers.get('content-security-policy') ?? '') ?? [];
    assert.equal(await answer.text(), `<meta property="csp-nonce" nonce="${nonce}"><link nonce="${nonce}">`);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.match(answer.headers.get('content-security-policy') ?? '', /script-src 'self';/);
    nonces.push(nonce);
  }
  assert.notEqual(nonces[0], nonces[1]);
});

describe('what is not there', () => {
  test('a file of another version is a 404 that says so', async (t) => {
    const site = await openSite(t);
    site.build();
    for (const path of ['assets/index-Zz00_-0z.js', 'assets/nothing', 'linked.txt', 'outside.txt']) {
      const answer = await fetch(`${site.url}/console/${path}`, plain());
      assert.equal(answer.status, 404, path);
      assert.match(await answer.text(), /earlier version: load the page again/);
    }
  });

  test('until it is built a page says so in both languages and asks again; then it opens, and follows a new build', async (t) => {
    const site = await openSite(t);
    const said = async (): Promise<string> => (await fetch(`${site.url}/console/`, plain())).text();
    assert.match(await said(), /npm run build:console/);
    site.files.absence = 'building';
    const waiting = await fetch(`${site.url}/console/requests`, plain());
    assert.deepEqual([waiting.status, waiting.headers.get('cache-control')], [503, 'no-store']);
    const page = await waiting.text();
    assert.match(page, /http-equiv="refresh"/);
    assert.match(page, /is being built/);
    assert.match(page, /正在构建/);
    assert.doesNotMatch(page, /<script|<style/);
    site.build();
    site.later();
    assert.equal(await said(), PAGE);
    site.build(`${PAGE}<!-- second -->`);
    site.later();
    assert.equal(await said(), `${PAGE}<!-- second -->`);
    rmSync(site.folder, { recursive: true });
    site.later();
    assert.equal(await said(), `${PAGE}<!-- second -->`, 'what was read is there while a build runs');
    assert.deepEqual(site.faults, []);
  });

  test('a folder that is too large for a console is a fault and not served', async (t) => {
    const site = await openSite(t);
    site.build();
    for (let at = 0; at < 2001; at += 1) writeFileSync(join(site.folder, `${at}.txt`), '');
    assert.equal((await fetch(`${site.url}/console/`, plain())).status, 503);
    assert.match(String(site.faults[0]), /more in it than a built console/);
  });
});

test('the gateway’s address opens the console in a browser, and is what it was for everybody else', async (t) => {
  const site = await openSite(t);
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  const opened = await fetch(`${site.url}/?from=mail`, plain(browser));
  assert.deepEqual([opened.status, opened.headers.get('location')], [302, '/console/']);
  const short = await fetch(`${site.url}/console?lang=zh`, plain());
  assert.deepEqual([short.status, short.headers.get('location')], [308, '/console/?lang=zh']);
  const bare = await startEdge(t);
  for (const [path, init] of [
    ['/', plain()],
    ['/', { ...plain(browser), method: 'POST' }],
    ['/nothing', plain(browser)],
  ] as const) {
    const [here, there] = await Promise.all([fetch(site.url + path, init), fetch(bare.url + path, init)]);
    assert.equal(here.status, 404);
    assert.deepEqual([here.status, await here.json()], [there.status, await there.json()]);
  }
  assert.equal(site.refusals.length, 3, 'those are recorded as before');
  assert.equal((await fetch(`${bare.url}/console/`, plain(browser))).status, 404, 'where it is turned off');
  assert.equal((await fetch(`${bare.url}/`, plain(browser))).status, 404);
});

/** As the bytes of the path are; `fetch` would tidy them. */
function raw(port: number, path: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const asked = request({ port, path, host: '127.0.0.1', headers: { connection: 'close' } }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    answer.on('end', () => resolve(text));
  });
  asked.on('error', reject).end();
  return promise;
}

test('no path leads out of the folder', async (t) => {
  const site = await openSite(t);
  site.build();
  const step = fc.constantFrom(
    '..',
    '.',
    '',
    '%2e%2e',
    '..%2f',
    '%2f',
    '..%5c',
    '\\..',
    '%00',
    'assets',
    'linked.txt',
    '%252e%252e',
  );
  const end = fc.constantFrom('outside.txt', 'outside.txt%00.js', 'dist/../outside.txt', 'linked.txt', 'etc/passwd');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), end, async (steps, last) => {
      const text = await raw(site.port, `/console/${[...steps, last].join('/')}`);
      assert.ok(!text.includes(OUTSIDE) && !text.includes('root:'), text);
    }),
    { numRuns: 200 },
  );
});
