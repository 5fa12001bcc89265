import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { standInScanners } from '../../../../test/support/stand-in-scans.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import { ScanDesk } from './desk.ts';
import { packScans, unpackScans } from './pack.ts';
import { ScanFailed } from './scan-all.ts';
import { LONGEST_WAIT_MS, MOST_WAITING } from './scan-link.ts';
import type { Scan } from './scanner.ts';

/** Only what a desk looks at. */
function policyOf(version: string): GuardPolicy {
  const scanning = [...standInScanners()].map(([name, scanner]) => ({ name, scanner }));
  return { name: 'p', version, settings: {}, scanning } as unknown as GuardPolicy;
}

const POLICY = policyOf('1');
const finding = (start: number, category: string) => ({ start, end: start + 3, category, score: 0.5 });

/** Too long to be looked at at once. */
const LONG = `${'x'.repeat(20_000)}123 045`;

/** @param timing what its own work takes, in place of the system's clock */
function open(timing: { readonly clock?: FakeClock } = {}) {
  const clock = new FakeClock();
  const said: string[] = [];
  const desk = new ScanDesk({
    ...timing,
    scheduler: clock,
    said: (_, text) => said.push(text),
    thread: new URL('../../../../test/support/stand-in-scans.ts', import.meta.url),
  });
  after(() => desk.close());
  // Another text each time: what comes again is not scanned again.
  let asked = 0;
  const scan = async (guard: string, text = `${'x'.repeat((asked += 1))}${LONG}`, from = '') =>
    desk.scan(POLICY, [{ guard, text }], from);
  return { clock, said, desk, scan };
}

/** What was asked is on its way to its thread. */
const begun = async (): Promise<void> => {
  await new Promise(setImmediate);
};

async function failure(scans: unknown): Promise<ScanFailed> {
  const thrown = await Promise.resolve(scans).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof ScanFailed, String(thrown));
  return thrown;
}

/** A desk whose scanner takes so long, and how many of so many texts of 1,000 characters it scans at once. */
function timed(microseconds: () => number) {
  const clock = new FakeClock();
  const scanner = {
    scan(): Scan {
      clock.advance(microseconds() / 1000);
      return { score: 0, findings: [] };
    },
    held: () => 0,
  };
  const policy = { ...POLICY, scanning: [{ name: 'pii', scanner }] } as unknown as GuardPolicy;
  const { desk } = open({ clock });
  const ask = (at: number) => desk.scan(policy, [{ guard: 'pii', text: `${at}${'x'.repeat(1000)}` }]);
  return (count: number): number => {
    const scans = Array.from({ length: count }, (_, at) => ask(at));
    for (const scan of scans) if (scan instanceof Promise) scan.catch(() => {});
    return scans.filter((scan) => !(scan instanceof Promise)).length;
  };
}

describe('the scan desk', () => {
  it('does small work at once, and large work alike in a thread', async () => {
    const { desk } = open();
    assert.deepEqual(desk.scan(POLICY, [{ guard: 'pii', text: 'call 123' }]), [
      { score: 0.5, findings: [{ start: 5, end: 8, category: 'OTHER', score: 0.5 }] },
    ]);
    const asked = [LONG, '', '777', LONG].map((text) => ({ guard: 'pii', text }));
    const scans = desk.scan(POLICY, asked);
    assert.ok(scans instanceof Promise);
    const long = { score: 0.5, findings: [finding(20_000, 'OTHER'), finding(20_004, 'ZERO')] };
    const none = { score: 0, findings: [] };
    assert.deepEqual(await scans, [long, none, { score: 0.5, findings: [finding(0, 'OTHER')] }, long]);
  });

  it('counts many small texts as large work', () => {
    const { desk } = open();
    const asked = Array.from({ length: 100_000 }, () => ({ guard: 'pii', text: 'a' }));
    const scans = desk.scan(POLICY, asked);
    assert.ok(scans instanceof Promise);
    scans.catch(() => {});
  });

  it('does no more costly work at once than one turn of the loop has room for', async () => {
    const atOnce = timed(() => 1000);
    assert.equal(atOnce(100), 8);
    await new Promise(setImmediate);
    assert.equal(atOnce(3), 3);
  });

  it('keeps ordinary texts from the threads, however many come in one turn of the loop', () => {
    assert.equal(timed(() => 100)(2000), 2000);
  });

  it('takes no moment in which the process stood still for its own work', () => {
    let scanned = 0;
    const atOnce = timed(() => ((scanned += 1) === 100 ? 500_000 : 10));
    assert.equal(atOnce(2000), 2000);
  });

  it('glances at what is too much for one turn of the loop, where that is said at a glance', () => {
    const glanced: string[] = [];
    const scanner = {
      scan: () => assert.fail('it is scanned'),
      glance(text: string): Scan | undefined {
        glanced.push(text);
        return text.includes('?') ? undefined : { score: 0, findings: [] };
      },
      held: () => 0,
    };
    const policy = { ...POLICY, scanning: [{ name: 'pii', scanner }] } as unknown as GuardPolicy;
    const { desk } = open();
    const ask = (text: string) => desk.scan(policy, [{ guard: 'pii', text }]);
    assert.deepEqual(ask('x'.repeat(9000)), [{ score: 0, findings: [] }]);
    for (const text of [`${'x'.repeat(9000)}?`, 'x'.repeat(30_000)]) {
      const scans = ask(text);
      assert.ok(scans instanceof Promise);
      scans.catch(() => {});
    }
    assert.deepEqual(
      glanced.map(({ length }) => length),
      [9000, 9001],
    );
  });

  it('says that a guard failed, and nothing of the text', async () => {
    const { scan } = open();
    for (const text of ['secret', `secret ${LONG}`]) {
      const { guard, message } = await failure(scan('throws', text));
      assert.deepEqual([guard, message], ['throws', 'it threw TypeError']);
      assert.equal((await failure(scan('unknown', text))).guard, 'unknown');
    }
    assert.equal((await failure(scan('pii', 'x'.repeat(9 * 1024 * 1024)))).guard, 'pii');
  });

  it('gives up a scan that does not end, and goes on with another thread', async () => {
    const { clock, said, scan } = open();
    await scan('pii');
    const hung = failure(scan('hangs'));
    const behind = scan('pii');
    await begun();
    clock.advance(2000);
    assert.match((await hung).message, /longer than 2 s/);
    while (said.length === 0) await new Promise(setImmediate);
    clock.advance(100);
    assert.equal((await behind)[0]?.findings.length, 2);
  });

  it('has a thread for the largest texts, which takes nothing with it, and has more time for them', async () => {
    const { clock, scan } = open();
    await scan('pii');
    await scan('pii', 'x'.repeat(1_000_000));
    const hung = failure(scan('hangs', 'x'.repeat(1_000_000)));
    await begun();
    clock.advance(2000);
    assert.equal((await scan('pii'))[0]?.findings.length, 2);
    clock.advance(2100);
    assert.match((await hung).message, /longer than 4\.\d+ s/);
    assert.equal((await scan('pii'))[0]?.findings.length, 2);
  });

  it('does not end its thread where an order has only waited long', async () => {
    const { clock, said, scan } = open();
    const early = failure(scan('pii'));
    clock.advance(LONGEST_WAIT_MS + 2000);
    assert.match((await early).message, /waited too long/);
    assert.equal((await scan('pii'))[0]?.findings.length, 2);
    assert.deepEqual(said, []);
  });

  it('gives nobody all of the room, and takes turns between them', async () => {
    const { desk, scan } = open();
    const ended: string[] = [];
    const texts = Array.from({ length: 8 }, () => ({ guard: 'pii', text: 'x'.repeat(20_000) }));
    const ask = async (from: string): Promise<void> => {
      const scans = await desk.scan(POLICY, texts, from);
      assert.equal(scans.length, 8);
      ended.push(from);
    };
    const many = Array.from({ length: 64 }, () => ask('a'));
    await Promise.all([...many, ask('b')]);
    assert.ok(ended.indexOf('b') < 10, `at ${ended.indexOf('b')}`);
    const all = Array.from({ length: MOST_WAITING / 2 }, () => scan('pii', undefined, 'a'));
    assert.match((await failure(scan('pii', undefined, 'a'))).message, /too much/);
    await Promise.all([...all, scan('pii', undefined, 'b')]);
  });

  it('fails a text in which there is more than anybody can read', async () => {
    const { scan } = open();
    assert.equal((await scan('pii', '123 '.repeat(20_000)))[0]?.findings.length, 20_000);
    assert.match((await failure(scan('pii', '123 '.repeat(20_001)))).message, /more than 20000 things/);
  });

  it('fails what a thread that dies was asked, and starts another', async () => {
    const { clock, said, scan } = open();
    assert.match((await failure(scan('dies'))).message, /ended/);
    assert.equal(said.length, 1);
    const waiting = scan('pii');
    clock.advance(100);
    assert.equal((await waiting)[0]?.findings.length, 2);
  });

  it('lets no more wait than it can answer, and nobody once it is closed', async () => {
    const { desk, scan } = open();
    const all = Array.from({ length: MOST_WAITING / 2 }, () => scan('pii'));
    assert.match((await failure(scan('pii'))).message, /too much/);
    await Promise.all(all);
    const last = failure(scan('pii'));
    await desk.close();
    assert.match((await last).message, /closed/);
    assert.match((await failure(scan('pii'))).message, /closed/);
  });

  it('asks no thread again about a text that comes again, until policies change', async () => {
    const { desk } = open();
    const asked = [LONG, 'call 123, or one of those that are named below'].map((text) => ({ guard: 'pii', text }));
    const first = await desk.scan(POLICY, asked);
    assert.deepEqual(await desk.scan(POLICY, asked), first);
    assert.deepEqual(desk.scan(POLICY, asked), first);
    const more = desk.scan(POLICY, [...asked, { guard: 'pii', text: `${LONG} 777` }]);
    assert.deepEqual((await more).slice(0, 2), first);
    assert.equal((await more)[2]?.findings.length, 3);
    for (const policy of [policyOf('2'), POLICY]) {
      const anew = desk.scan(policy, asked);
      assert.ok(anew instanceof Promise);
      assert.deepEqual(await anew, first);
    }
  });

  it('knows no policy for ever', async () => {
    const { desk } = open();
    for (let version = 0; version < 70; version += 1) {
      const scans = await desk.scan(policyOf(String(version)), [{ guard: 'pii', text: LONG }]);
      assert.equal(scans[0]?.findings.length, 2);
    }
  });
});

describe('scans between two threads', () => {
  it('come out as they went in', () => {
    const plain = { noNullPrototype: true };
    const score = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
    const category = fc.constantFrom('A', 'B', 'C');
    const one = fc.record({ start: fc.nat(), end: fc.nat(), category, score }, plain);
    const scan = fc.record({ score, findings: fc.array(one) }, plain);
    fc.assert(
      fc.property(fc.array(scan), (scans) => {
        assert.deepEqual(unpackScans(structuredClone(packScans(scans))), scans);
      }),
    );
  });
});
