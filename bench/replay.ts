import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { replayed } from '../src/commands/replay.ts';
import type { SideView } from '../src/work/replay/report-view.ts';
import { DAY_AFTER, dayOf, distanceOf, predictDay } from '../test/support/replayed-day.ts';
import { markdownTable } from './drill/verdict.ts';

/** `npm run bench:replay`: what a replay predicts of another configuration, beside a real run of it. */

const HELP = `npm run bench:replay -- [options]
  --requests <n>  of the recorded day (20000)
  --quick         2000
  --help          this

A made-up day of mixed traffic is sent to a gateway with two targets of the simulator; what it recorded is replayed under
a configuration with other weights, a rule, a limit and the exact cache; and the same day is sent to a gateway with that.
Requests are sent as fast as they go, so that the day is some minutes long.

Exit code: 0 where the cost is predicted within 2 % and the shares of the targets within 1 point; 1 where not.`;

const MOST_COST = 0.02;
const MOST_SHARES = 0.01;

async function main(): Promise<0 | 1> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '20000' },
      quick: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const requests = values.quick ? 2000 : Number(values.requests);
  const folder = mkdtempSync(join(tmpdir(), 'causeway-replay-bench-'));
  try {
    const { predicted, real } = await predictDay(dayOf(requests), DAY_AFTER(requests), folder, async (...asked) => {
      const from = performance.now();
      const view = await replayed(...asked);
      console.log(`${view.before.requests} requests replayed in ${((performance.now() - from) / 1000).toFixed(1)} s`);
      return view;
    });
    const distance = distanceOf(predicted.after, real.before);
    console.log(
      `\n${markdownTable(['', 'recorded', 'predicted', 'real'], rowsOf(predicted.before, predicted.after, real.before))}\n`,
    );
    console.log(`cost: ${percent(distance.cost)} off (at most ${percent(MOST_COST)})`);
    console.log(`shares: ${(distance.shares * 100).toFixed(2)} points off (at most ${MOST_SHARES * 100})`);
    console.log(`replayed under the configuration that was in force: ${percent(real.cost.change ?? Number.NaN)} off`);
    return Math.abs(distance.cost) <= MOST_COST && distance.shares <= MOST_SHARES ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(...sides: readonly SideView[]): string[][] {
  const row = (name: string, of: (side: SideView) => string): string[] => [name, ...sides.map(of)];
  const targets = [...new Set(sides.flatMap((side) => side.targets.map(({ target }) => target)))];
  return [
    row('requests', (side) => String(side.requests)),
    row('refused', (side) => String(side.refused.total)),
    row('cache hits', (side) => `${side.cache_hits.total} (${percent(side.cache_hits.share)})`),
    row('cost', (side) => `$${side.cost_usd.toFixed(4)}`),
    ...targets.map((target) =>
      row(target, (side) => percent(side.targets.find((one) => one.target === target)?.share ?? 0)),
    ),
    row('latency p50', (side) => `${side.latency_ms.p50?.toFixed(1) ?? '-'} ms`),
    row('latency p95', (side) => `${side.latency_ms.p95?.toFixed(1) ?? '-'} ms`),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

process.exit(await main());
