import { type Static, Type } from 'typebox';

import { NANO_PER_USD } from '../../../core/money.ts';
import { type ArmSums, type Moments, meanOf, requestsOf } from '../statistics/moments.ts';

const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

const Measured = (description: string) =>
  Type.Object(
    { count: Type.Integer({ description: 'Values' }), mean: orNull('null where there are none') },
    { description },
  );

export const ArmView = Type.Object({
  name: Type.String(),
  weight: Type.Number({ description: 'What it should get, by the sum of all' }),
  drawn: Type.Integer({
    description: 'Users, or what else arms are drawn for, that it got, each once: by one replica',
  }),
  requests: Type.Integer({ description: 'Without answers from caches, faults of clients and refusals by policies' }),
  error_rate: orNull('Of them'),
  cost_usd: Measured('A request, where its price is known'),
  latency_ms: Measured('Until the end of the answer; a typical one, which is the geometric mean'),
  ttft_ms: Measured('Of streams, likewise'),
  feedback: Measured('0 to 1'),
  judge: Measured('0 to 1'),
});
export type ArmView = Static<typeof ArmView>;

/** What an arm did, as the admin API shows it. */
export function armView(name: string, weight: number, { sums, drawn }: { sums: ArmSums; drawn: number }): ArmView {
  return {
    name,
    weight,
    drawn,
    requests: requestsOf(sums),
    error_rate: sums.errors.n === 0 ? null : rounded(meanOf(sums.errors)),
    cost_usd: measured(sums.cost, (nanoUsd) => nanoUsd / NANO_PER_USD),
    latency_ms: measured(sums.latency, Math.exp),
    ttft_ms: measured(sums.ttft, Math.exp),
    feedback: measured(sums.feedback),
    judge: measured(sums.judge),
  };
}

function measured(moments: Moments, shown: (mean: number) => number = (mean) => mean) {
  return { count: moments.n, mean: moments.n === 0 ? null : rounded(shown(meanOf(moments))) };
}

/** Without the digits that nobody believes. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
