import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../test/support/fake-clock.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { Primary, type WorkerEvents } from './primary.ts';

interface FakeWorker {
  readonly number: number;
  readonly heard: ToWorker[];
  isKilled: boolean;
  says(message: FromWorker): void;
  ready(): void;
  ends(how?: string): void;
}

/** A primary whose workers do what the test says. */
function house(count = 2) {
  const clock = new FakeClock();
  const forked: FakeWorker[] = [];
  const logged: string[] = [];
  const note = (_fields: object, text: string): void => void logged.push(text);
  const primary = new Primary({
    count,
    fork(number: number, events: WorkerEvents) {
      const worker: FakeWorker = {
        number,
        heard: [],
        isKilled: false,
        says: (message) => events.message(message),
        ready: () => events.message({ type: 'ready', text: `text of ${number}` }),
        ends: (how = 'SIGKILL') => events.ended(how),
      };
      forked.push(worker);
      return {
        pid: forked.length,
        send: (message) => void worker.heard.push(message),
        kill: () => void (worker.isKilled = true),
      };
    },
    ownMetrics: () => '# HELP own Own.\n# TYPE own gauge\nown 1\n',
    log: { info: note, warn: note, error: note },
    clock,
    scheduler: clock,
  });
  const at = (index: number): FakeWorker => forked[index] ?? assert.fail(`worker ${index} was not started`);
  return { clock, forked, logged, primary, at };
}

async function started(count = 2) {
  const all = house(count);
  const text = all.primary.start();
  for (let index = 0; index < count; index += 1) all.at(index).ready();
  await text;
  return all;
}

test('the first worker starts alone, then all others; the start says what the first one said', async () => {
  const { forked, primary, at } = house(3);
  const text = primary.start();
  assert.deepEqual(
    forked.map(({ number }) => number),
    [1],
  );
  at(0).ready();
  assert.deepEqual(
    forked.map(({ number }) => number),
    [1, 2, 3],
  );
  at(2).ready();
  at(1).ready();
  assert.equal(await text, 'text of 1');
  assert.equal(primary.readyCount, 3);
});

test('a worker that ends at the start ends the start, once all others have ended', async () => {
  const { forked, primary, at } = house();
  const text = primary.start();
  at(0).ends('exit code 1');
  await assert.rejects(text, {
    name: 'WorkersEndedError',
    message: 'Worker 1 ended (exit code 1) before it was ready.',
  });
  assert.equal(forked.length, 1);

  const second = house();
  const failed = second.primary.start();
  second.at(0).ready();
  second.at(1).ends('SIGABRT');
  assert.deepEqual(second.at(0).heard, [{ type: 'stop' }]);
  second.at(0).ends('exit code 0');
  await assert.rejects(failed, { message: 'Worker 2 ended (SIGABRT) before it was ready.' });
});

test('a worker that dies is started again with its number, later each time that it dies soon', async () => {
  const { clock, forked, logged, primary, at } = await started();
  const delays: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    at(forked.length - 1).ends();
    const before = forked.length;
    let waited = 0;
    for (; forked.length === before; waited += 100) clock.advance(100);
    delays.push(waited);
    at(forked.length - 1).ready();
  }
  assert.deepEqual(delays, [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000]);
  assert.ok(forked.slice(2).every(({ number }) => number === 2));
  assert.equal(primary.restarted, 12);
  assert.equal(logged.filter((text) => text === 'a worker ended; it is started again').length, 12);
  clock.advance(60_000);
  at(forked.length - 1).ends();
  const before = forked.length;
  clock.advance(100);
  assert.equal(forked.length, before + 1, 'one that was well for a minute begins anew');
});

test('while another one serves there is no end to starting again', async () => {
  const { clock, forked, primary, at } = await started();
  at(1).ends();
  for (let round = 0; round < 20; round += 1) {
    clock.advance(30_000);
    at(forked.length - 1).ends('exit code 1');
  }
  assert.equal(primary.readyCount, 1);
  assert.equal(primary.isStopping, false);
  clock.advance(30_000);
  at(forked.length - 1).ready();
  assert.equal(primary.readyCount, 2);
});

test('with none left, five starts that fail in a row are the end', async () => {
  const { clock, forked, primary, at } = await started();
  at(0).ends();
  at(1).ends();
  const ended = assert.rejects(primary.ended, {
    message: 'No worker is left, and none can be started: worker 1 ended (exit code 1) before it was ready.',
  });
  clock.advance(100);
  assert.equal(forked.length, 4);
  at(2).ends('exit code 1');
  at(3).ends('exit code 1');
  clock.advance(200);
  at(4).ends('exit code 1');
  at(5).ends('exit code 1');
  clock.advance(400);
  at(6).ends('exit code 1');
  assert.deepEqual(at(7).heard, [{ type: 'stop' }]);
  at(7).ends('exit code 1');
  await ended;
  clock.advance(60_000);
  assert.equal(forked.length, 8);
});

test('a stop lets all end, starts none again, and is over when the last one has ended', async () => {
  const { clock, forked, primary, at } = await started();
  at(0).ends();
  primary.stop();
  primary.stop();
  assert.deepEqual(at(1).heard, [{ type: 'stop' }]);
  clock.advance(60_000);
  assert.equal(forked.length, 2);
  at(1).ends('exit code 0');
  await primary.ended;
});

test('a stop during the start is heard by whoever was not listening yet', async () => {
  const { primary, at } = house();
  const text = primary.start();
  primary.stop();
  at(0).says({ type: 'seated' });
  assert.deepEqual(at(0).heard, [{ type: 'stop' }, { type: 'stop' }]);
  at(0).ready();
  at(0).ends('exit code 0');
  assert.equal(await text, undefined);
  await primary.ended;
});

test('all are told to read the configuration again, and all are ended at once where that is asked for', async () => {
  const { forked, primary } = await started();
  primary.reload();
  assert.ok(forked.every(({ heard }) => heard.length === 1 && heard[0]?.type === 'reload'));
  primary.kill();
  assert.ok(forked.every(({ isKilled }) => isKilled));
});

const counted = (value: number): string => `# HELP c Counted.\n# TYPE c counter\nc{a="x y"} ${value}\n`;
const OWN = '# HELP own Own.\n# TYPE own gauge\nown 1\n';

test('who asks for metrics gets the sums of all, however many ask', async () => {
  const { at } = await started();
  at(0).says({ type: 'scrape', id: 7 });
  at(1).says({ type: 'scrape', id: 3 });
  assert.deepEqual([at(0).heard, at(1).heard], [[{ type: 'expose', id: 1 }], [{ type: 'expose', id: 1 }]]);
  at(0).says({ type: 'exposed', id: 1, text: counted(2) });
  at(1).says({ type: 'exposed', id: 1, text: counted(3) });
  await new Promise(setImmediate);
  assert.deepEqual(at(0).heard[1], { type: 'scraped', id: 7, text: counted(5) + OWN });
  assert.deepEqual(at(1).heard[1], { type: 'scraped', id: 3, text: counted(5) + OWN });
});

test('a sum does not go down because a worker ended, or because one is late', async () => {
  const { clock, at } = await started();
  async function scraped(asked: number, id: number): Promise<unknown> {
    await new Promise(setImmediate);
    return at(asked).heard.find((message) => message.type === 'scraped' && message.id === id);
  }
  at(0).says({ type: 'scrape', id: 1 });
  at(0).says({ type: 'exposed', id: 1, text: counted(10) });
  at(1).says({ type: 'exposed', id: 1, text: `${counted(20)}# HELP g Now.\n# TYPE g gauge\ng 4\n` });
  await scraped(0, 1);
  at(0).says({ type: 'scrape', id: 2 });
  at(1).ends();
  at(1).says({ type: 'exposed', id: 2, text: counted(99) });
  at(0).says({ type: 'exposed', id: 2, text: counted(11) });
  assert.deepEqual(await scraped(0, 2), { type: 'scraped', id: 2, text: counted(31) + OWN });
  clock.advance(100);
  at(2).ready();
  at(0).says({ type: 'scrape', id: 3 });
  at(0).says({ type: 'exposed', id: 3, text: counted(12) });
  clock.advance(1000);
  assert.deepEqual(await scraped(0, 3), { type: 'scraped', id: 3, text: counted(32) + OWN });
  at(2).says({ type: 'exposed', id: 3, text: counted(5) });
  at(0).says({ type: 'scrape', id: 4 });
  at(0).says({ type: 'exposed', id: 4, text: counted(12) });
  at(2).says({ type: 'exposed', id: 4, text: counted(6) });
  assert.deepEqual(await scraped(0, 4), { type: 'scraped', id: 4, text: counted(38) + OWN });
});
