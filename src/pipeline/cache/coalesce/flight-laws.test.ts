import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import type { LocalFlights } from './local-flights.ts';
import {
  type FlightDeck,
  type Passenger,
  type Upstream,
  eventually,
  localDeck,
} from '../../../../test/support/flight-deck.ts';

/** One thing that may happen to a request that several wait for; numbers choose whom it happens to. */
type Step =
  | { readonly do: 'join' | 'answer' | 'push' | 'complete' | 'fail' | 'refuse' }
  | { readonly do: 'leave' | 'slow' | 'fast'; readonly who: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ do: 'push' } as const) },
  { weight: 3, arbitrary: fc.constant({ do: 'join' } as const) },
  { weight: 2, arbitrary: fc.constant({ do: 'answer' } as const) },
  fc.constantFrom({ do: 'complete' }, { do: 'fail' }, { do: 'refuse' } as const),
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('leave', 'slow', 'fast'), who: fc.nat(5) }) },
);

/** Does one step; some mean nothing where things stand. */
function happen(deck: FlightDeck, one: Step): void {
  const upstream = deck.upstreams.at(-1);
  switch (one.do) {
    case 'join':
      deck.board();
      break;
    case 'answer':
      upstream?.answer();
      break;
    case 'push':
      upstream?.push();
      break;
    case 'complete':
      upstream?.complete();
      break;
    case 'fail':
      upstream?.fail();
      break;
    case 'refuse':
      upstream?.refuse();
      break;
    default: {
      const passenger = deck.passengers.at(one.who % Math.max(1, deck.passengers.length));
      if (one.do === 'leave') passenger?.leave();
      else passenger?.setSlow(one.do === 'slow');
    }
  }
}

/** What the provider says when nobody wants more is its last word for now. */
function checkPause(deck: FlightDeck, one: Step): void {
  const upstream = deck.upstreams.at(-1);
  if (one.do !== 'push' || !upstream || upstream.said.length === 0 || upstream.over || upstream.aborted) return;
  const aboard = deck.passengers.filter((passenger) => passenger.upstream === upstream && !passenger.left);
  if (aboard.every(({ isBehind }) => isBehind)) assert.ok(upstream.isPaused, 'a slow reader gets backpressure');
}

/** Aborted as soon as all have left, and never before. */
function checkAbort(deck: FlightDeck, upstream: Upstream): void {
  const aboard = deck.passengers.filter((passenger) => passenger.upstream === upstream);
  const allLeft = aboard.every((passenger) => passenger.left);
  assert.equal(upstream.aborted, allLeft && !upstream.over, 'the provider is given up iff nobody is left');
  // Before anybody reads there is nobody who could be behind.
  const waits = upstream.isPaused && !upstream.over && !upstream.aborted;
  if (waits)
    assert.ok(
      aboard.every((one) => one.left || one.isBehind),
      'it waits only where nobody wants more',
    );
}

function checkHeard(passenger: Passenger): void {
  const { upstream, heard, terminals, error, mistakes } = passenger;
  assert.deepEqual(mistakes, []);
  const said = upstream?.said ?? [];
  assert.deepEqual(heard, said.slice(0, heard.length), 'what was said, in order and without gaps');
  assert.ok(terminals.length <= 1, 'at most one terminal');
  const [terminal] = terminals;
  if (terminal?.kind === 'completed') assert.equal(heard.length, said.length, 'promise 1: all of it');
  if (error) assert.equal(terminals.length, 0, 'an error or a reply');
  const coalesced = passenger.call.savings ?? [];
  const saves = terminal?.kind === 'completed' && !passenger.isLeader;
  assert.deepEqual(
    coalesced.map(({ mechanism, nanoUsd, outputTokens }) => [mechanism, nanoUsd, outputTokens]),
    saves ? [['coalesced', 700, 7]] : [],
  );
}

function checkEnd(deck: FlightDeck<LocalFlights>): void {
  for (const passenger of deck.passengers) {
    checkHeard(passenger);
    assert.equal(passenger.terminals.length + (passenger.error ? 1 : 0), 1, 'each hears exactly once how it ended');
    assert.equal(passenger.call.attempts.all.length, passenger.isLeader ? 1 : 0);
    if (passenger.isLeader) assert.equal(passenger.settled, 1, 'promise 6: settled once, and after its attempt');
    assert.equal(passenger.call.attempts.isHeld, false);
  }
  assert.equal(deck.flights.size, 0);
  assert.equal(deck.flights.keptBytes, 0, 'promise 11: nothing is kept of what has ended');
}

test('promise 1, 11: whoever joins, leaves or is slow, each reads one whole answer or is told, and the last ends it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const deck = localDeck();
      deck.board();
      await eventually();
      for (const one of steps) {
        happen(deck, one);
        await eventually();
        checkPause(deck, one);
        for (const upstream of deck.upstreams) checkAbort(deck, upstream);
        for (const passenger of deck.passengers) checkHeard(passenger);
      }
      for (const passenger of deck.passengers) passenger.setSlow(false);
      const last = deck.upstreams.at(-1);
      last?.answer();
      last?.push();
      last?.complete();
      await eventually();
      checkEnd(deck);
    }),
    { numRuns: 300 },
  );
});
