import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, after, before, describe, test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { type CallParts, makeCall } from '../../../test/support/make-call.ts';
import { copyPreparedDatabase } from '../../../test/support/prepared-database.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { newId } from '../../core/ids.ts';
import type { WholeReply } from '../../core/reply.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { followDatabase } from '../../storage/revisions/revision-follower.ts';
import { AutoBlocks } from './auto-blocks.ts';
import { BlockDirectory } from './block-directory.ts';
import { readBlock } from './block-questions.ts';
import { type Block, type BlockStore, blocksOfJson, jsonOfBlocks } from './block.ts';
import { PostgresBlockStore } from './postgres-block-store.ts';
import { type BlockDeps, addressRefusal, blockStage, identifyUnblocked } from './stage.ts';
import { type Subject, type SubjectKind, subjectName } from './subject.ts';

const HOUR_MS = 3_600_000;
const PRINCIPAL = { keyId: 'key_1', project: 'support', user: undefined, models: undefined };
const quiet = { info() {}, warn() {}, error() {} };
const OK: WholeReply = {
  kind: 'whole',
  status: 200,
  headers: {},
  body: Buffer.alloc(0),
  terminal: { kind: 'completed', finishReason: 'stop', usage: undefined },
};

function blockOn(subject: Subject, clock: FakeClock, parts: Partial<Block> = {}): Block {
  const createdAt = new Date(clock.now());
  const expiresAt = new Date(clock.now() + HOUR_MS);
  return { id: newId('block'), subject, reason: undefined, origin: 'admin', createdAt, expiresAt, ...parts };
}

/** A directory whose database has nothing, and the stage that asks it. */
function inFront(...subjects: Subject[]) {
  const clock = new FakeClock();
  const store: Pick<BlockStore, 'live'> = { live: async () => [] };
  const directory = new BlockDirectory(store, clock);
  for (const subject of subjects) directory.hold(blockOn(subject, clock));
  const counted: SubjectKind[] = [];
  const deps: BlockDeps = { directory, clock, onBlocked: (kind) => void counted.push(kind) };
  const ask = async (call: CallParts): Promise<GatewayError | undefined> => {
    try {
      await blockStage(deps).run(makeCall({ principal: PRINCIPAL, ...call }), () => Promise.resolve(OK));
      return undefined;
    } catch (thrown) {
      assert.ok(thrown instanceof GatewayError);
      return thrown;
    }
  };
  return { clock, directory, deps, counted, ask };
}

describe('a block', () => {
  test('is on a key, a project, or a user of one project, and on no other', async () => {
    const one = inFront({ kind: 'key', id: 'key_2' }, { kind: 'project', id: 'sales' });
    assert.equal(await one.ask({}), undefined);
    assert.equal((await one.ask({ principal: { ...PRINCIPAL, keyId: 'key_2' } }))?.code, 'access_blocked');
    assert.equal((await one.ask({ principal: { ...PRINCIPAL, project: 'sales' } }))?.status, 403);
    assert.deepEqual(one.counted, ['key', 'project']);

    const users = inFront({ kind: 'user', id: 'ada', project: 'support' });
    assert.equal((await users.ask({ facts: { user: 'ada' } }))?.code, 'access_blocked');
    assert.equal((await users.ask({ principal: { ...PRINCIPAL, user: 'ada' } }))?.code, 'access_blocked');
    assert.equal(await users.ask({ facts: { user: 'ada' }, principal: { ...PRINCIPAL, project: 'sales' } }), undefined);
    assert.equal(await users.ask({ facts: { user: 'ben' } }), undefined);
    const whoseKey = { ...PRINCIPAL, user: 'ben' };
    assert.equal(await users.ask({ facts: { user: 'ada' }, principal: whoseKey }), undefined, 'the key is not of ada');

    const everywhere = inFront({ kind: 'user', id: 'ada' });
    const elsewhere = { facts: { user: 'ada' }, principal: { ...PRINCIPAL, project: 'sales' } };
    assert.equal((await everywhere.ask(elsewhere))?.code, 'access_blocked');
  });

  test('says what is blocked and until when, and is over by the clock', async () => {
    const { ask, clock } = inFront({ kind: 'key', id: 'key_1' });
    clock.advance(HOUR_MS - 5000);
    const error = await ask({});
    const until = new Date(clock.now() + 5000).toISOString();
    assert.match(error?.message ?? '', new RegExp(`The key key_1 is blocked until ${until}`));
    assert.equal(error?.retryAfterMs, 5000);
    assert.equal(error?.row.retryable, false);
    clock.advance(5000);
    assert.equal(await ask({}), undefined);
  });

  test('of an address holds for its IPv6 network, before a key is looked at', () => {
    const { deps } = inFront({ kind: 'ip', id: '203.0.113.7' }, { kind: 'ip', id: '2001:db8:0:1::/64' });
    const refused = (clientIp: string): boolean => addressRefusal(deps, makeCall({ clientIp })) !== undefined;
    assert.deepEqual(['203.0.113.7', '::ffff:203.0.113.7', '2001:db8:0:1::9'].map(refused), [true, true, true]);
    assert.deepEqual(['203.0.113.8', '2001:db8:0:2::9'].map(refused), [false, false]);
    let looked = 0;
    const identify = () => {
      looked += 1;
      return PRINCIPAL;
    };
    assert.throws(() => identifyUnblocked(deps, makeCall({ clientIp: '203.0.113.7' }), identify), {
      code: 'access_blocked',
    });
    assert.equal(looked, 0);
    assert.equal(identifyUnblocked(deps, makeCall(), identify), PRINCIPAL);
  });
});

const ask = (body: unknown) => readBlock(body, Date.UTC(2026, 0, 1));

test('blocks are the same after they were kept on disk', () => {
  const clock = new FakeClock();
  const all = [
    blockOn({ kind: 'key', id: 'key_1', project: undefined }, clock, { expiresAt: undefined }),
    blockOn({ kind: 'user', id: 'ada', project: 'support' }, clock, { reason: 'x' }),
  ];
  const kept = JSON.stringify(jsonOfBlocks(all));
  const loaded = blocksOfJson(JSON.parse(kept) as Json);
  assert.deepEqual(JSON.parse(JSON.stringify(loaded)), JSON.parse(JSON.stringify(all)));
  assert.equal(loaded[1]?.expiresAt?.getTime(), all[1]?.expiresAt?.getTime());
});

describe('what an admin asks for', () => {
  test('is read as it is meant', () => {
    assert.deepEqual(ask({ kind: 'ip', subject: '2001:DB8::1', for: '1h', reason: 'spam' }), {
      subject: { kind: 'ip', id: '2001:db8:0:0::/64', project: undefined },
      reason: 'spam',
      expiresAt: new Date(Date.UTC(2026, 0, 1, 1)),
    });
    assert.equal(ask({ kind: 'ip', subject: '2001:db8:0:0::/64' }).subject.id, '2001:db8:0:0::/64');
    assert.equal(ask({ kind: 'user', subject: 'ada', project: 'support' }).subject.project, 'support');
    assert.equal(ask({ kind: 'key', subject: 'key_1' }).expiresAt, undefined);
  });

  test('is refused with the field at fault where it is nothing', () => {
    const cases: [unknown, string | undefined][] = [
      [[], undefined],
      [{ kind: 'host', subject: 'a' }, 'kind'],
      [{ kind: 'key' }, 'subject'],
      [{ kind: 'key', subject: 7 }, 'subject'],
      [{ kind: 'ip', subject: '10.0.0.0/8' }, 'subject'],
      [{ kind: 'ip', subject: 'example.com' }, 'subject'],
      [{ kind: 'key', subject: 'a', project: 'p' }, 'project'],
      [{ kind: 'key', subject: 'a', for: '1 hour' }, 'for'],
      [{ kind: 'key', subject: 'a', for: '0s' }, 'for'],
      [{ kind: 'key', subject: 'a', for: '1h', expiresAt: '2030-01-01T00:00:00Z' }, 'for'],
      [{ kind: 'key', subject: 'a', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
      [{ kind: 'key', subject: 'a', expires: '1h' }, 'expires'],
    ];
    for (const [body, param] of cases)
      assert.throws(() => ask(body), { code: 'request_invalid', param }, JSON.stringify(body));
  });
});

describe('blocks in the database', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-blocks-'));
  let database: Database;

  before(async () => {
    copyPreparedDatabase(dataDir);
    database = await openDatabase({ dataDir, url: undefined, log: quiet });
    await migrate(database);
  });
  after(async () => {
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function emptied(t: TestContext) {
    await database.pool.query('delete from blocks');
    const clock = new FakeClock();
    const store = new PostgresBlockStore(database.orm, clock);
    const directories = [new BlockDirectory(store, clock), new BlockDirectory(store, clock)] as const;
    for (const directory of directories) {
      const revisions = followDatabase(database, { log: quiet });
      t.after(() => revisions.close());
      await directory.start(revisions);
    }
    return { clock, store, here: directories[0], elsewhere: directories[1] };
  }

  test('there is one for each subject; an admin’s word counts, the gateway’s only makes it longer', async (t) => {
    const { clock, store } = await emptied(t);
    const subject: Subject = { kind: 'user', id: 'a\0da', project: undefined };
    const hours = (count: number) => ({ expiresAt: new Date(clock.now() + count * HOUR_MS) });
    const first = await store.add(blockOn(subject, clock, { ...hours(2), origin: 'auto', reason: 'x' }));
    const shorter = await store.add(blockOn(subject, clock, { ...hours(1), origin: 'auto' }));
    assert.deepEqual([shorter.id, shorter.expiresAt], [first.id, first.expiresAt]);
    const longer = await store.add(blockOn(subject, clock, { ...hours(3), origin: 'auto' }));
    assert.deepEqual([longer.id, longer.expiresAt], [first.id, hours(3).expiresAt]);
    const byHand = await store.add(blockOn(subject, clock, { expiresAt: undefined }));
    assert.deepEqual([byHand.id, byHand.expiresAt, byHand.origin], [first.id, undefined, 'admin']);
    assert.equal((await store.add(blockOn(subject, clock, { ...hours(9), origin: 'auto' }))).expiresAt, undefined);
    await store.add(blockOn({ ...subject, project: 'support' }, clock));
    assert.equal((await store.list(10)).length, 2);
    assert.equal(await store.remove(first.id), true);
    assert.equal(await store.remove(first.id), false);
  });

  test('what is over is not listed and does not stay; pages follow each other', async (t) => {
    const { clock, store } = await emptied(t);
    for (let each = 0; each < 5; each += 1) {
      await store.add(blockOn({ kind: 'key', id: `key_${each}` }, clock));
      clock.advance(1000);
    }
    const first = await store.list(3);
    const last = first.at(-1);
    const rest = await store.list(3, last && { at: last.createdAt, id: last.id });
    const ids = [...first, ...rest].map(({ subject }) => subject.id);
    assert.deepEqual(ids, ['key_4', 'key_3', 'key_2', 'key_1', 'key_0']);
    clock.advance(HOUR_MS);
    assert.deepEqual([await store.list(3), await store.live()], [[], []]);
    await store.add(blockOn({ kind: 'key', id: 'key_9' }, clock));
    const { rows } = await database.pool.query('select * from blocks');
    assert.equal(rows.length, 1);
  });

  test('what the gateway blocks is in force here at once, and elsewhere when it is stored', async (t) => {
    const { clock, store, here, elsewhere } = await emptied(t);
    const automatic = new AutoBlocks({ directory: here, store, clock, scheduler: clock, log: quiet });
    const long = 'u'.repeat(5000);
    const until = automatic.impose({ kind: 'user', id: long, project: 'p' }, { reason: 'because', forMs: HOUR_MS });
    assert.ok(here.ofUser(long, 'p'));
    assert.equal(elsewhere.ofUser(long, 'p'), undefined);
    await automatic.flush(10_000);
    // Nothing asks there; it is told.
    while (elsewhere.size === 0) await new Promise((next) => void setImmediate(next));
    assert.deepEqual(elsewhere.ofUser(long, 'p')?.expiresAt, until);
    const [kept] = await store.list(1);
    assert.equal(kept?.origin, 'auto');
    assert.ok((kept?.subject.id.length ?? 0) < 300);
    await store.remove(kept?.id ?? '');
    await here.refresh();
    assert.equal(here.size, 0);
    await automatic.close();
  });
});

test('while the database is away the gateway’s blocks are in force here, and stored when it answers', async () => {
  const clock = new FakeClock();
  const stored: string[] = [];
  let isAway = true;
  const store = {
    add: async (block: Block) => {
      if (isAway) throw new GatewayError('storage_unavailable');
      stored.push(subjectName(block.subject));
      return block;
    },
    live: async () => [],
  };
  const directory = new BlockDirectory(store, clock);
  const automatic = new AutoBlocks({ directory, store, clock, scheduler: clock, log: quiet });
  automatic.impose({ kind: 'ip', id: '10.0.0.1' }, { reason: 'r', forMs: HOUR_MS });
  while (clock.waiting === 0) await new Promise((next) => void setImmediate(next));
  assert.deepEqual(stored, []);
  assert.ok(directory.ofAddress('10.0.0.1'));
  isAway = false;
  clock.advance(1000);
  await automatic.flush(10_000);
  assert.deepEqual(stored, ['ip:10.0.0.1']);
});
