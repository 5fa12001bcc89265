import type { AskDeps } from '../../../models/own-calls/ask-text.ts';
import { isChosen } from '../chosen.ts';
import type { ShadowDefinition } from '../definition.ts';
import type { Mirrored, Observed } from '../observed.ts';
import { isWithin } from '../reach.ts';
import { saidInBody } from '../read-reply.ts';
import { type Sums, addTo } from '../sums.ts';
import type { Tallies } from '../tallies.ts';
import { askedOf } from './asked.ts';
import { judge } from './judge.ts';
import { type Pair, type Side, pairSums, timesOf } from './pair.ts';
import { type Said, saidInRecord } from './said.ts';
import { type VectorOf, similarity } from './similarity.ts';

export interface CompareDeps extends AskDeps {
  readonly vectorOf: VectorOf;
  /** From 0 to just under 1. */
  readonly random: () => number;
  readonly tallies: Pick<Tallies, 'add'>;
}

/** Holds the candidate's answer to the one that the client got, and adds what is found to the sums. */
export async function compare(
  deps: CompareDeps,
  shadow: ShadowDefinition,
  observed: Observed,
  mirrored: Mirrored,
): Promise<void> {
  deps.tallies.add(shadow, 'candidate', candidateSums(mirrored));
  const pair = pairOf(deps, observed, mirrored);
  if (!pair) return;
  deps.tallies.add(shadow, 'live', liveSums(pair.live));
  const sums = pairSums(pair);
  addTo(sums, await contentSums(deps, shadow, observed, mirrored, pair));
  deps.tallies.add(shadow, 'pairs', sums);
}

/** Undefined where the candidate did not answer. */
function pairOf(deps: CompareDeps, observed: Observed, { call, outcome }: Mirrored): Pair | undefined {
  if (outcome.kind === 'failed') return undefined;
  const { record } = observed;
  return {
    live: {
      said: saidLive(deps.catalog(), observed),
      finishReason: record.finishReason,
      ...timesOf(observed.call.attempts, record.streamed),
      nanoUsd: record.costKnown ? record.costNanoUsd : undefined,
    },
    candidate: {
      said: outcome.said,
      finishReason: outcome.finishReason,
      ...timesOf(call.attempts, call.facts.stream),
      nanoUsd: costOf(call),
    },
    asked: askedOf(call),
  };
}

function costOf({ attempts }: Mirrored['call']): number | undefined {
  const { nanoUsd, known } = attempts.cost;
  return known ? nanoUsd : undefined;
}

/** What records keep is the answer's own bytes where it came whole, else what its events said. */
function saidLive(catalog: ReturnType<CompareDeps['catalog']>, { call, output }: Observed): Said | undefined {
  if (!output) return { text: '', tools: [] };
  return saidInRecord(output) ?? saidInBody(catalog, call, output);
}

function candidateSums({ call, outcome }: Mirrored): Sums {
  const cost = costOf(call);
  return {
    requests: 1,
    ...(outcome.kind === 'failed' && { errors: { [outcome.code]: 1 } }),
    ...(cost === undefined ? { costUnknown: 1 } : { nanoUsd: cost }),
  };
}

function liveSums({ nanoUsd }: Side): Sums {
  return { requests: 1, ...(nanoUsd === undefined ? { costUnknown: 1 } : { nanoUsd }) };
}

/** What has to be asked of others. */
async function contentSums(
  deps: CompareDeps,
  shadow: ShadowDefinition,
  { call: original }: Observed,
  { call }: Mirrored,
  { live, candidate, asked }: Pair,
): Promise<Sums> {
  const sums: Sums = {};
  if (!live.said || !candidate.said) return sums;
  if (shadow.similarity) addTo(sums, await similarity(deps.vectorOf, live.said, candidate.said));
  const { judge: judging } = shadow;
  const isJudged = judging && asked && isChosen(`${shadow.id} judge`, original.id, judging.sample);
  if (isJudged && isWithin(judging.target, original.confinedTo)) {
    addTo(sums, await judge(deps, call, judging, { asked, live: live.said, candidate: candidate.said }));
  }
  return sums;
}
