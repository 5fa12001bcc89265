import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { type TestContext, after, before, describe, it } from 'node:test';

import { untilPrinted } from '../../scripts/until-printed.ts';
import { type GatewayProcess, runCommand } from '../support/gateway-process.ts';
import { type PostgresServer, noPostgres, startPostgres } from '../support/postgres-server.ts';
import { type RedisServer, noRedis, startRedis } from '../support/redis-server.ts';
import { PATIENCE_MS, type Workers, ask, startWorkers, until } from '../support/worker-processes.ts';

/** A token costs a thousand nano-dollars, whichever way it goes. */
const CONFIG = `
limits:
  - { per: project, id: capped, requests: 20/1h, burst: 1 }
budgets:
  - { per: project, id: poor, usd: 0.002, period: day, hard: true }
prices: { sim/echo: { input: 1, output: 1 } }
models: { chat: { target: sim/echo } }
`;

const scratch = mkdtempSync(join(tmpdir(), 'causeway-workers-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Made on one worker; both know it. */
async function makeKnownKey(gateway: Workers, project: string): Promise<string> {
  const key = await gateway.makeKey(project);
  // One after the other is asked.
  let inARow = 0;
  await until(async () => {
    const { status } = await ask(`${gateway.url}/v1/models`, { key });
    inARow = status === 200 ? inARow + 1 : 0;
    return inARow === 4;
  }, 'the key is known');
  return key;
}

async function stop({ child, exited }: GatewayProcess): Promise<void> {
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const SLOW = { 'x-causeway-simulate': 'tokens-per-second=100, output-tokens=100' };
const ENDLESS = { 'x-causeway-simulate': 'tokens-per-second=1, output-tokens=100' };

/** So many streams, one after another, so that each worker has some; each of them has begun. */
async function beginStreams(gateway: Workers, key: string, count: number, headers = SLOW) {
  const streams: { readonly text: Promise<string> }[] = [];
  for (let at = 0; at < count; at += 1) {
    const response = await gateway.chat(key, { stream: true, model: 'sim/small' }, headers);
    assert.equal(response.statusCode, 200);
    streams.push({ text: textOf(response) });
  }
  return streams;
}

async function endWhole(streams: readonly { readonly text: Promise<string> }[]): Promise<void> {
  for (const { text } of streams)
    assert.match(await text, /"finish_reason":"(?:stop|length)"[\s\S]*\ndata: \[DONE\]\n/);
}

/** A start that comes to nothing. */
async function failing(t: TestContext, args: readonly string[], env: Record<string, string>) {
  const command = runCommand(t, scratch, ['start', ...args], env);
  const code = await command.exited;
  return { code, text: command.printed() };
}

describe('a start with several workers', () => {
  const whole = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' };

  it('needs what they share, and says what to set and why before anything starts', async (t) => {
    const { code, text } = await failing(t, ['--workers', '2'], { DATABASE_URL: whole.DATABASE_URL });
    assert.equal(code, 2);
    assert.equal(
      text,
      'causeway: 2 workers need REDIS_URL (a Redis or Valkey server: counted in memory, every limit and budget would hold for each worker by itself, and so be multiplied). Set it, or start without --workers. docs/replicas.md says more.\n',
    );
    const other = await failing(t, [], { CAUSEWAY_WORKERS: 'x' });
    assert.deepEqual([other.code, other.text.split('\n').length], [2, 2], other.text);
  });

  it('says once what is wrong with the configuration, and that the port is taken', async (t) => {
    writeFileSync(join(scratch, 'wrong.yaml'), 'limitz: []\n');
    const wrong = await failing(t, ['--workers', '3', '--config', 'wrong.yaml'], whole);
    assert.equal(wrong.code, 1);
    assert.equal(wrong.text.match(/limitz/g)?.length, 1, wrong.text);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    t.after(() => taken.close());
    const address = taken.address();
    assert.ok(typeof address === 'object' && address);
    const { code, text } = await failing(t, ['--workers', '2'], { ...whole, PORT: String(address.port) });
    assert.equal(code, 1);
    assert.match(text, /^causeway: the address is in use .*\n$/);
  });

  it('is explained by --help', async (t) => {
    const { text } = await failing(t, ['--help'], {});
    assert.match(text, /--workers <number> .*DATABASE_URL and REDIS_URL/s);
    assert.match(text, /CAUSEWAY_WORKERS/);
  });
});

describe('two workers on one port', { skip: noPostgres || noRedis }, () => {
  let postgres: PostgresServer;
  let redis: RedisServer;
  let env: Readonly<Record<string, string>>;
  before(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    writeFileSync(join(scratch, 'causeway.yaml'), CONFIG);
    env = {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      CAUSEWAY_CONFIG: join(scratch, 'causeway.yaml'),
      CAUSEWAY_DATA_DIR: join(scratch, 'data'),
    };
  });
  after(async () => {
    await Promise.all([postgres.close(), redis.close()]);
  });

  it('serve together, and end when their streams have', async (t) => {
    const gateway = await startWorkers(t, scratch, env);
    assert.match(gateway.printed(), /\nWorkers {4}2, /);
    assert.equal(gateway.printed().match(/^API key /gm)?.length, 1);
    assert.equal(gateway.printed().match(/is listening on/g)?.length, 1);
    const pids = await gateway.pids(2);
    assert.ok(!pids.includes(gateway.child.pid ?? 0));
    await t.test('promise 5: a limit is exact over both', () => limitIsExact(gateway));
    await t.test('promise 4: a hard budget is not overspent', () => budgetIsExact(gateway));
    await t.test('metrics are of both', () => metricsAreOfBoth(gateway));
    await t.test('one that is killed comes back, and the other serves meanwhile', () => comesBack(gateway));
    await t.test('one that is asked to end is replaced, and its streams end', () => isReplaced(gateway));
    const streams = await beginStreams(gateway, await makeKnownKey(gateway, 'streams'), 4);
    gateway.child.kill('SIGTERM');
    await endWhole(streams);
    assert.equal(await gateway.exited, 0);
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it('promise 7: records of workers that are killed arrive, also where fewer are started after', async (t) => {
    const gateway = await startWorkers(t, scratch, env);
    const key = await makeKnownKey(gateway, 'left');
    await gateway.pids(2);
    await postgres.stop();
    t.after(() => postgres.start().catch(() => undefined));
    const ids: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      const response = await gateway.chat(key);
      assert.equal(response.statusCode, 200);
      await textOf(response);
      ids.push(String(response.headers['x-causeway-request-id']));
    }
    await until(async () => {
      const queued = await gateway.metric('causeway_records_queued');
      return queued >= 12 && (await gateway.metric('causeway_journal_unsynced_records')) === 0;
    }, 'all is on the disk');
    const isBack = untilPrinted(gateway.child, [/"(the worker is ready again)"/], PATIENCE_MS);
    process.kill(childrenOf(gateway)[0] ?? 0, 'SIGKILL');
    await isBack;
    const pids = childrenOf(gateway);
    assert.equal(pids.length, 2);
    for (const pid of [gateway.child.pid ?? 0, ...pids]) process.kill(pid, 'SIGKILL');
    await gateway.exited;

    const alone = await startWorkers(t, scratch, { ...env, CAUSEWAY_WORKERS: '1' });
    assert.doesNotMatch(alone.printed(), /\nWorkers/);
    await postgres.start();
    for (const id of ids) {
      await until(async () => (await ask(`${alone.url}/admin/v1/traces/${id}`)).status === 200, `${id} arrives`);
    }
    await stop(alone);
  });

  it('end with 1 where all have died and none can be started', async (t) => {
    const config = join(scratch, 'changing.yaml');
    writeFileSync(config, CONFIG);
    const gateway = await startWorkers(t, scratch, { ...env, CAUSEWAY_CONFIG: config });
    writeFileSync(config, 'modelz: {}\n');
    for (const pid of childrenOf(gateway)) process.kill(pid, 'SIGKILL');
    assert.equal(await gateway.exited, 1);
    assert.match(
      gateway.printed(),
      /\ncauseway: No worker is left, and none can be started: worker \d ended \(exit code 1\)/,
    );
  });

  it('end at once at a second signal', async (t) => {
    const gateway = await startWorkers(t, scratch, env);
    const streams = await beginStreams(gateway, await makeKnownKey(gateway, 'cut'), 2, ENDLESS);
    const broken = Promise.all(streams.map(({ text }) => assert.rejects(text)));
    const isStopping = untilPrinted(gateway.child, [/(stopping: no new requests)/], PATIENCE_MS);
    gateway.child.kill('SIGTERM');
    await isStopping;
    gateway.child.kill('SIGINT');
    assert.equal(await gateway.exited, 1);
    await broken;
  });

  it('end what they do and then themselves when the process is gone that started them', async (t) => {
    const gateway = await startWorkers(t, scratch, env);
    const key = await makeKnownKey(gateway, 'orphans');
    await gateway.pids(2);
    const streams = await beginStreams(gateway, key, 2);
    gateway.child.kill('SIGKILL');
    await endWhole(streams);
    // Which is when nobody holds their output open any more.
    await gateway.exited;
  });
});

/** Workers that live, by what the system knows. */
function childrenOf({ child }: GatewayProcess): number[] {
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** 200 requests at once over both workers, of which 20 may pass. */
async function limitIsExact(gateway: Workers): Promise<void> {
  const key = await makeKnownKey(gateway, 'capped');
  const statuses = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const response = await gateway.chat(key);
      await textOf(response);
      return response.statusCode;
    }),
  );
  assert.equal(statuses.filter((status) => status === 200).length, 20, 'promise 5');
  assert.equal(statuses.filter((status) => status === 429).length, 180);
}

/** A hundred requests at once, under a budget that is enough for some. */
async function budgetIsExact(gateway: Workers): Promise<void> {
  const key = await makeKnownKey(gateway, 'poor');
  const costs = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const response = await gateway.chat(key, { max_tokens: 50 });
      const text = await textOf(response);
      if (response.statusCode === 200) return Number(response.headers['x-causeway-cost-usd']);
      assert.match(text, /"budget_/);
      return 0;
    }),
  );
  const answered = costs.filter((cost) => cost > 0).length;
  assert.ok(answered > 0 && answered < 100, `${answered} were answered`);
  const nanoUsd = costs.reduce((sum, cost) => sum + Math.round(cost * 1e9), 0);
  assert.ok(nanoUsd <= 2_000_000, `promise 4: ${nanoUsd}`);
  await until(async () => {
    const { data } = await gateway.admin('/budgets');
    const [budget] = data as { used: number; reserved: number }[];
    return budget?.reserved === 0 && Math.round(budget.used * 1e9) === nanoUsd;
  }, 'all is settled, to the nano-dollar');
}

/** Whichever worker is asked says the same, and it is what both have done. */
async function metricsAreOfBoth(gateway: Workers): Promise<void> {
  const key = await makeKnownKey(gateway, 'counted');
  const ended = () => gateway.metric('llm_requests_total', { model: 'chat', status: 'completed' });
  const sofar = await ended();
  for (let at = 0; at < 10; at += 1) {
    const response = await gateway.chat(key);
    assert.equal(response.statusCode, 200);
    await textOf(response);
  }
  await until(async () => (await ended()) === sofar + 10, 'all ten are counted');
  for (let at = 0; at < 4; at += 1) assert.equal(await ended(), sofar + 10);
  assert.equal(await gateway.metric('causeway_workers'), 2);
  assert.equal(await gateway.metric('causeway_counters_exact'), 1);
  assert.equal(await gateway.metric('causeway_build_info'), 1);
}

async function comesBack(gateway: Workers): Promise<void> {
  const key = await makeKnownKey(gateway, 'killed');
  const [victim = 0, other = 0] = await gateway.pids(2);
  const sofar = await gateway.metric('llm_requests_total', { model: 'chat' });
  process.kill(victim, 'SIGKILL');
  await until(async () => (await gateway.metric('causeway_workers')) === 1, 'its end is seen');
  const response = await gateway.chat(key);
  assert.equal(response.statusCode, 200);
  await textOf(response);
  const pids = await gateway.pids(2);
  assert.ok(pids.includes(other) && !pids.includes(victim));
  assert.equal(await gateway.metric('causeway_worker_restarts_total'), 1);
  assert.match(gateway.printed(), /"how":"SIGKILL".*"a worker ended; it is started again"/);
  assert.ok((await gateway.metric('llm_requests_total', { model: 'chat' })) > sofar, 'no sum goes down');
}

/** SIGTERM to one of them. */
async function isReplaced(gateway: Workers): Promise<void> {
  const key = await makeKnownKey(gateway, 'replaced');
  const [leaving = 0] = await gateway.pids(2);
  const streams = await beginStreams(gateway, key, 4);
  process.kill(leaving, 'SIGTERM');
  await endWhole(streams);
  await until(async () => !(await gateway.pids(2)).includes(leaving), 'another one is in its place');
}
