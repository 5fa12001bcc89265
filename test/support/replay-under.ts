import { type Proposal, openProposal } from '../../src/commands/replay-parts.ts';
import type { RolloutRow } from '../../src/pipeline/rollouts/rollout-store.ts';
import { Knowledge } from '../../src/work/replay/knowledge.ts';
import type { RecordedRequest } from '../../src/work/replay/recorded-request.ts';
import { ReplayReport } from '../../src/work/replay/replay-report.ts';
import type { Replayed } from '../../src/work/replay/replayer.ts';
import { configOf } from './config-of.ts';
import { type RecordedParts, TRAFFIC_FROM, recorded } from './recorded-traffic.ts';

const NO_LIMITS = 'limits: []\n';

/** A proposed configuration; without the usual limits where it names none. */
export const openUnder = (config: string, rollouts: readonly RolloutRow[] = []): Promise<Proposal> =>
  openProposal(configOf(NO_LIMITS.repeat(Number(!config.includes('limits:'))) + config), {
    prices: [],
    budgets: [],
    rollouts,
  });

/** Sends the requests through it, one after the other, by what is known from them. */
export async function replayUnder(
  config: string,
  requests: readonly RecordedRequest[],
  rollouts: readonly RolloutRow[] = [],
): Promise<Replayed[]> {
  const proposal = await openUnder(config, rollouts);
  try {
    const knowledge = new Knowledge();
    for (const request of requests) knowledge.learn(request);
    const replayer = proposal.replayer(knowledge);
    const replayed: Replayed[] = [];
    for (const request of requests) replayed.push(await replayer.replay(request));
    replayer.finish();
    return replayed;
  } finally {
    await proposal.close();
  }
}

/** What came of them, summed. */
export function summed(replayed: readonly Replayed[]): ReplayReport {
  const report = new ReplayReport();
  for (const one of replayed) report.add(one);
  return report;
}

/** A request so long after the first. @param ms milliseconds */
export function at(ms: number, parts: RecordedParts = {}): RecordedRequest {
  return recorded({ startedAt: TRAFFIC_FROM + ms, ...parts });
}
