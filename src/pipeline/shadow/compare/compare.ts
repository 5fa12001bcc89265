import { mayGoTo } from '../../../core/reach.ts';
import type { AskDeps } from '../../../models/own-calls/ask-text.ts';
import { isChosen } from '../chosen.ts';
import type { ShadowDefinition } from '../definition.ts';
import type { Mirrored, Observed } from '../observed.ts';
import { saidInBody } from '../read-reply.ts';
import type { Sums } from '../sums.ts';
import type { Tallies } from '../tallies.ts';
import { askedOf } from './asked.ts';
import { type JudgedPair, judge } from './judge.ts';
import { type Pair, type Side, pairSums, timesOf } from './pair.ts';
import { type Said, saidInRecord } from './said.ts';
import type { Likeness } from './similarity.ts';

export interface CompareDeps extends AskDeps {
  readonly likeness: Likeness;
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
  const pair = pairOf(deps, shadow, observed, mirrored);
  if (!pair) return;
  deps.tallies.add(shadow, 'live', liveSums(pair.live));
  deps.tallies.add(shadow, 'pairs', pairSums(pair));
  const { live, candidate } = pair;
  if (!live.said || !candidate.said) return;
  // It takes nobody's place: the request is over, and nothing is asked of a provider for it.
  if (shadow.similarity) void addLikeness(deps, shadow, live.said, candidate.said);
  await addVerdict(deps, shadow, observed, mirrored, { asked: pair.asked, live: live.said, candidate: candidate.said });
}

/** Undefined where the candidate did not answer. */
function pairOf(
  deps: CompareDeps,
  shadow: ShadowDefinition,
  observed: Observed,
  { call, outcome }: Mirrored,
): Pair | undefined {
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
    asked: isHeldToForm(call) || isJudged(shadow, observed, call) ? askedOf(call) : undefined,
  };
}

function costOf({ attempts }: Mirrored['call']): number | undefined {
  const { nanoUsd, known } = attempts.cost;
  return known ? nanoUsd : undefined;
}

/** Whoever asks for JSON says so; all others need not be decoded for that. */
function isHeldToForm({ body }: Mirrored['call']): boolean {
  return body.raw.includes('json');
}

/** The rules of either side may confine it: the candidate's may be others than the model's own. */
function isJudged({ id, judge: by }: ShadowDefinition, { call }: Observed, copy: Mirrored['call']): boolean {
  if (by === undefined || !isChosen(`${id} judge`, call.id, by.sample)) return false;
  return mayGoTo(call, by.target) && mayGoTo(copy, by.target);
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

async function addLikeness(deps: CompareDeps, shadow: ShadowDefinition, live: Said, candidate: Said): Promise<void> {
  deps.tallies.add(shadow, 'pairs', await deps.likeness.of(live, candidate));
}

async function addVerdict(
  deps: CompareDeps,
  shadow: ShadowDefinition,
  observed: Observed,
  { call }: Mirrored,
  { asked, live, candidate }: Pick<Pair, 'asked'> & Omit<JudgedPair, 'asked'>,
): Promise<void> {
  const { judge: by } = shadow;
  if (!by || !asked || !isJudged(shadow, observed, call)) return;
  deps.tallies.add(shadow, 'pairs', await judge(deps, call, by, { asked, live, candidate }));
}
