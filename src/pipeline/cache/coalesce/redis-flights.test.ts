import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { GatewayError } from '../../../core/errors.ts';
import { openRedis } from '../../../storage/counters/redis.ts';
import { CutRedis, Host } from '../../../../test/support/cut-redis.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { FlightDeck } from '../../../../test/support/flight-deck.ts';
import { type RedisServer, noRedis, startRedis } from '../../../../test/support/redis-server.ts';
import { FLIGHT_KEY, FLIGHT_SCRIPTS } from './redis-flight-scripts.ts';
import { SharedFlights } from './redis-flights.ts';

const quiet = { info() {}, warn() {}, error() {} };

describe('identical requests at two replicas on one Redis', { skip: noRedis }, () => {
  let server: RedisServer;
  let host: Host;
  let clock: FakeClock;
  let [here, there]: FlightDeck<SharedFlights>[] = [];
  let links: CutRedis[] = [];

  before(async () => {
    server = await startRedis();
    const real = openRedis({ url: server.url, log: quiet });
    await new Promise<void>((resolve) => real.onUp(resolve));
    host = new Host(real);
  });

  after(async () => {
    await host.real.close();
    await server.close();
  });

  beforeEach(() => {
    server.ask('FLUSHALL');
    clock = new FakeClock();
    links = [new CutRedis(host), new CutRedis(host)];
    [here, there] = links.map((redis, at) => {
      const options = { clock, scheduler: clock, random: () => 0.5, redis, replica: `replica${at}` };
      return new FlightDeck(new SharedFlights(options), clock);
    });
  });

  /** Both decks, once they are there. */
  function decks(): readonly [FlightDeck<SharedFlights>, FlightDeck<SharedFlights>] {
    assert.ok(here && there);
    return [here, there];
  }

  /** Time in which everybody looks, and is answered. */
  async function pass(ms = 100): Promise<void> {
    await host.rest();
    for (let each = 0; each < ms; each += 5) {
      clock.advance(5);
      await host.rest();
    }
  }

  function run(script: keyof typeof FLIGHT_SCRIPTS, ...args: string[]): Promise<unknown> {
    return host.real.run(FLIGHT_SCRIPTS[script], FLIGHT_KEY, args);
  }

  /** What a beat reads of answers: the state of each, and the lengths of its entries. */
  async function sizes(...asked: string[]): Promise<unknown> {
    const [, answers] = (await run('beat', 'two', '60000', ...asked)) as [unknown, string[][]];
    return answers.map(([state, ...entries]) => [state, entries.map(({ length }) => length)]);
  }

  /** What Redis knows of requests, but for who lives. */
  function leftovers(): string[] {
    return server
      .ask('KEYS', '{causeway}:flight1:*')
      .split('\n')
      .filter((key) => key !== '' && !key.includes(':alive:'));
  }

  it('are one request to the provider, whose stream both read whole, late joiners too', async () => {
    const [a, b] = decks();
    const leader = a.board();
    await host.rest();
    a.upstreams[0]?.answer({ 'content-type': 'text/event-stream', 'x-request-id': 'req_1' });
    await host.rest();
    a.upstreams[0]?.push();
    a.upstreams[0]?.push();
    const follower = b.board();
    await pass();
    const second = b.board();
    await pass();
    assert.deepEqual(follower.heard, [0, 1]);
    a.upstreams[0]?.push();
    a.upstreams[0]?.complete();
    await pass();
    assert.deepEqual([a.upstreams.length, b.upstreams.length], [1, 0]);
    for (const one of [leader, follower, second]) {
      assert.deepEqual(one.heard, [0, 1, 2]);
      assert.equal(one.terminals[0]?.kind, 'completed');
    }
    const saving = { mechanism: 'coalesced', nanoUsd: 700, inputTokens: 3, outputTokens: 7 };
    for (const one of [follower, second]) {
      assert.deepEqual(one.call.savings, [saving], 'promise 6: what the other replica paid');
      assert.equal(one.reply?.headers['x-causeway-cache'], 'coalesced');
      assert.equal(one.reply?.headers['x-causeway-target'], 'lab/m');
      assert.equal(one.reply?.headers['content-type'], 'text/event-stream');
      assert.equal(one.reply?.headers['x-request-id'], undefined);
    }
    assert.deepEqual(leftovers(), [], 'promise 11: nothing is left behind');
    assert.equal(clock.waiting, 0, 'nobody looks for anything any more');
  });

  it('are one also where the answer is in one piece, and comes before anybody has looked', async () => {
    const [a, b] = decks();
    a.board();
    await host.rest();
    const follower = b.board();
    await host.rest();
    a.upstreams[0]?.whole({ 'content-type': 'application/json' });
    await pass();
    assert.equal(b.upstreams.length, 0);
    assert.equal(follower.terminals[0]?.kind, 'completed');
    const { reply } = follower;
    assert.equal(reply?.kind === 'whole' && Buffer.from(reply.body).toString(), '{}');
    assert.equal(reply?.headers['x-causeway-cost-usd'], '0');
    assert.equal(follower.call.savings?.length, 1);
    assert.deepEqual(leftovers(), []);
  });

  it('are one also where a long stream ends before anybody has looked', async () => {
    const [a, b] = decks();
    a.board();
    await host.rest();
    const follower = b.board();
    await host.rest();
    const [upstream] = a.upstreams;
    upstream?.answer();
    await host.rest();
    for (let each = 0; each < 40; each += 1) upstream?.push(10_000);
    upstream?.complete();
    await pass();
    assert.equal(b.upstreams.length, 0);
    assert.equal(follower.terminals[0]?.kind, 'completed');
    assert.deepEqual(follower.heard, upstream?.said);
    assert.equal(follower.call.savings?.length, 1);
    assert.deepEqual(leftovers(), []);
  });

  it('promise 11: goes on for the other replica where its own client leaves, and ends when that leaves too', async () => {
    const [a, b] = decks();
    const leader = a.board();
    await host.rest();
    const follower = b.board();
    await pass();
    leader.leave();
    await host.rest();
    assert.equal(leader.error?.code, 'client_aborted');
    const [upstream] = a.upstreams;
    upstream?.answer();
    await pass();
    upstream?.push();
    await pass();
    assert.deepEqual(follower.heard, [0]);
    assert.deepEqual([upstream?.aborted, leader.settled], [false, 0]);
    follower.leave();
    await pass();
    assert.deepEqual([upstream?.aborted, leader.settled], [true, 1]);
    assert.deepEqual(leader.mistakes, []);
    assert.deepEqual(leftovers(), []);
  });

  it('promise 1: a stream that breaks off does so for all', async () => {
    const [a, b] = decks();
    a.board();
    await host.rest();
    const follower = b.board();
    a.upstreams[0]?.answer();
    await pass();
    a.upstreams[0]?.push();
    a.upstreams[0]?.fail();
    await pass();
    const [terminal] = follower.terminals;
    assert.deepEqual(follower.heard, [0]);
    assert.equal(terminal?.kind === 'failed' && terminal.error.code, 'stream_interrupted');
    assert.equal(follower.call.savings, undefined);
  });

  it('tells the request itself at fault to all, and has each go on after any other failure', async () => {
    const [a, b] = decks();
    for (const [code, asked] of [
      ['context_length_exceeded', 0],
      ['budget_exhausted', 1],
    ] as const) {
      a.board();
      await host.rest();
      const follower = b.board();
      await pass();
      a.upstreams.at(-1)?.refuse(new GatewayError(code));
      await pass();
      assert.equal(b.upstreams.length, asked, code);
      assert.equal(follower.error?.code, asked === 0 ? code : undefined);
    }
  });

  it('goes on by itself where the replica that led is gone, and says so where it was half-way', async () => {
    const [a, b] = decks();
    a.board();
    await host.rest();
    const early = b.board();
    await pass();
    server.ask('DEL', '{causeway}:flight1:alive:replica0');
    links[0]?.cut();
    await pass();
    assert.equal(b.upstreams.length, 1);
    assert.equal(early.error, undefined);
    b.upstreams[0]?.whole();
    await pass();
    assert.equal(early.terminals[0]?.kind, 'completed');
  });

  it('promise 1: is interrupted for who read along where the link of who led was lost, also when it is back', async () => {
    const [a, b] = decks();
    const leader = a.board();
    await host.rest();
    a.upstreams[0]?.answer();
    await host.rest();
    const follower = b.board();
    await pass();
    a.upstreams[0]?.push();
    await pass();
    links[0]?.cut();
    links[0]?.mend();
    a.upstreams[0]?.push();
    a.board();
    await pass(200);
    const [terminal] = follower.terminals;
    assert.equal(terminal?.kind === 'failed' && terminal.error.code, 'stream_interrupted');
    a.upstreams[0]?.complete();
    await pass();
    assert.equal(leader.terminals[0]?.kind, 'completed');
    assert.deepEqual(leader.heard, [0, 1]);
  });

  it('promise 1: is interrupted where Redis has lost what was passed on, and is not joined after that', async () => {
    const [a, b] = decks();
    const leader = a.board();
    await host.rest();
    a.upstreams[0]?.answer();
    await host.rest();
    const follower = b.board();
    await pass();
    a.upstreams[0]?.push();
    await pass();
    const items = leftovers().filter((key) => key.includes(':items:'));
    server.ask('PEXPIRE', items.join(), '1000');
    await pass();
    assert.ok(Number(server.ask('PTTL', items.join())) > 50_000, 'silence alone does not end it');
    server.ask('DEL', ...items);
    a.upstreams[0]?.push();
    await pass();
    const late = b.board();
    for (let each = 0; each < 3; each += 1) a.upstreams[0]?.push();
    a.upstreams[0]?.complete();
    await pass();
    assert.deepEqual([follower.heard, follower.terminals[0]?.kind], [[0], 'failed']);
    assert.deepEqual([leader.heard.length, leader.terminals[0]?.kind], [5, 'completed']);
    assert.equal(b.upstreams.length, 1, 'it is asked for itself');
    late.leave();
    await pass();
    assert.deepEqual(leftovers(), []);
  });

  it('goes on for its readers where another of the same name takes its place', async () => {
    const [a, b] = decks();
    a.board();
    await host.rest();
    const follower = b.board();
    await pass();
    a.board({ facts: { stream: true, priority: 9 } });
    await pass();
    assert.deepEqual([a.upstreams.length, b.upstreams.length], [2, 0]);
    a.upstreams[0]?.answer();
    await pass();
    a.upstreams[0]?.push();
    a.upstreams[0]?.complete();
    a.upstreams[1]?.whole();
    await pass();
    assert.deepEqual([follower.heard, follower.terminals[0]?.kind], [[0], 'completed']);
    assert.deepEqual(leftovers(), []);
  });

  it('goes on for the second reader of one replica where the first leaves', async () => {
    const [a, b] = decks();
    a.board({ facts: { stream: true, priority: 9 } });
    await host.rest();
    const first = b.board();
    await pass(10);
    const second = b.board({ facts: { stream: true, priority: 8 } });
    await pass();
    a.upstreams[0]?.answer();
    await pass();
    first.leave();
    await pass();
    a.upstreams[0]?.push();
    a.upstreams[0]?.complete();
    await pass();
    assert.equal(b.upstreams.length, 0);
    assert.deepEqual([second.heard, second.terminals[0]?.kind], [[0], 'completed']);
    assert.deepEqual(leftovers(), []);
  });

  it('promise 11: ends where its client leaves, and the other one had left before Redis had answered', async () => {
    const [a, b] = decks();
    const leader = a.board();
    await host.rest();
    a.upstreams[0]?.answer();
    await host.rest();
    const other = b.board();
    other.leave();
    await pass();
    leader.leave();
    await pass();
    assert.deepEqual([a.upstreams[0]?.aborted, leader.settled], [true, 1]);
    assert.deepEqual(leftovers(), []);
  });

  it('reads about a megabyte of all answers at once, and no less than an entry', async () => {
    for (const [name, size] of [
      ['n1', 400_000],
      ['n2', 2_000_000],
    ] as const) {
      await run('take', name, `one/${name}`, 'one', '60000');
      await run('take', name, `two/${name}`, 'two', '60000');
      for (let at = 0; at < 4; at += 1) await run('passOn', `one/${name}`, '', `${at}`, 'x'.repeat(size));
    }
    assert.deepEqual(await sizes('one/n1', '0', 'one/n2', '0'), [
      ['on', [400_000, 400_000]],
      ['on', []],
    ]);
    assert.deepEqual(await sizes('one/n2', '0', 'one/n1', '3'), [
      ['on', [2_000_000]],
      ['on', []],
    ]);
    assert.deepEqual(await sizes('one/n1', '4', 'one/n1', '5'), [
      ['on', []],
      ['gone', []],
    ]);
  });

  it('is each replica for itself while Redis is away, without a wait', async () => {
    const [a, b] = decks();
    for (const link of links) link.cut();
    a.board();
    a.board();
    b.board();
    assert.deepEqual([a.upstreams.length, b.upstreams.length], [1, 1]);
  });

  it('is not held up by a Redis that does not answer', async () => {
    const [a] = decks();
    const leader = a.board();
    clock.advance(50);
    await new Promise((resolve) => void setImmediate(resolve));
    assert.equal(a.upstreams.length, 1);
    a.upstreams[0]?.whole();
    await pass();
    assert.equal(leader.terminals[0]?.kind, 'completed');
    assert.deepEqual(leftovers(), [], 'what it was granted late is given back');
  });

  it('ends at a shutdown what only others read, and they go on', async () => {
    const [a, b] = decks();
    const leader = a.board();
    await host.rest();
    b.board();
    await pass();
    leader.leave();
    await a.flights.close();
    await pass();
    assert.equal(a.upstreams[0]?.aborted, true);
    assert.equal(leader.settled, 1);
    assert.equal(b.upstreams.length, 1);
  });
});
