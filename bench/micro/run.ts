import { performance } from 'node:perf_hooks';

import { PIECES, type Piece } from './pieces.ts';

/** `node bench/micro/run.ts [part of a name …]`: nanoseconds per operation of the hot pieces, best and median. */

const ROUNDS = 11;
const ROUND_MS = 40;

/** Keeps results reachable, so that the compiler cannot leave the work out. */
let kept: unknown;

function timeMs(run: () => unknown, times: number): number {
  const startedAt = performance.now();
  for (let at = 0; at < times; at += 1) kept = run();
  return performance.now() - startedAt;
}

/** How often to run for one round; finding it out also warms the code up. */
function timesPerRound(run: () => unknown): number {
  let times = 1;
  while (timeMs(run, times) < ROUND_MS) times *= 2;
  return times;
}

function measure({ name, run }: Piece): Record<string, string | number> {
  const times = timesPerRound(run);
  const nsPerOp = Array.from({ length: ROUNDS }, () => (timeMs(run, times) / times) * 1e6).toSorted((a, b) => a - b);
  const rounded = (at: number): number => Math.round(nsPerOp[at] ?? Number.NaN);
  return { piece: name, 'best ns/op': rounded(0), 'median ns/op': rounded(Math.floor(ROUNDS / 2)) };
}

const wanted = process.argv.slice(2);
const pieces = PIECES.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
console.table(pieces.map(measure));
if (kept === undefined) throw new Error('nothing was measured');
