import { type Call, type Target, targetName } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { EmbeddingInput } from '../../../core/inference/embedding.ts';
import type { NanoUsd } from '../../../core/money.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { assumedUsage } from '../../../models/pricing/assumed-usage.ts';
import { pricedCost } from '../../../models/pricing/cost.ts';
import type { Provider } from '../../../models/providers/provider.ts';
import { countTokens } from '../../../models/tokens/count.ts';
import { estimateTokens } from '../../../models/tokens/estimate.ts';
import { type DetailedBound, boundOf } from './bound-of.ts';
import { USUAL_ANSWER, type UsualUse, usualName } from './usual-use.ts';

/** What one attempt at a target is expected to use and cost, and what it may at most; undefined where nobody knows. */
export interface TargetEstimate {
  readonly target: string;
  readonly priceVersion: string | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly nanoUsd: NanoUsd | undefined;
  readonly atMost: DetailedBound;
}

/** @throws request_invalid, model_not_found */
export async function estimate(call: Call, catalog: ModelCatalog, usual: UsualUse): Promise<readonly TargetEstimate[]> {
  call.assignment ??= catalog.assign(call.facts.model);
  return Promise.all(call.assignment.targets.map((target) => estimateAt(call, target, catalog, usual)));
}

async function estimateAt(call: Call, target: Target, catalog: ModelCatalog, usual: UsualUse): Promise<TargetEstimate> {
  const provider = catalog.provider(target.provider);
  const price = catalog.priceOf(provider, target.model);
  const atMost = boundOf(call, target, catalog);
  const counted = await inputTokensOf(call, provider, target.model);
  const inputTokens = Math.min(counted, atMost.inputTokens ?? counted);
  const outputTokens = expectedOutput(call, inputTokens, atMost, usual);
  const circumstances = { sentAt: call.receivedAt };
  const cost = price && pricedCost({ inputTokens, outputTokens }, price, circumstances);
  // What is not billed by tokens is bounded by what it is billed by.
  const nanoUsd = cost ?? (atMost.outputTokens ? undefined : atMost.nanoUsd);
  return { target: targetName(target), priceVersion: price?.version, inputTokens, outputTokens, nanoUsd, atMost };
}

/** As well as it can be counted; a request that cannot be read as a conversation is estimated by its bytes. */
async function inputTokensOf(call: Call, { family }: Provider, model: string): Promise<number> {
  try {
    if (call.operation === 'chat') return (await countTokens(call.inference, family, model)).tokens;
    if (call.operation === 'embeddings') return embeddedTokens(call.embedding.inputs, model);
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
  }
  return assumedUsage(call.body.raw.length, 0).inputTokens ?? 0;
}

function embeddedTokens(inputs: readonly EmbeddingInput[], model: string): number {
  return inputs.reduce<number>(
    (sum, input) => sum + (typeof input === 'string' ? estimateTokens(input, model) : input.length),
    0,
  );
}

/** What such calls usually use beside their input, else a usual answer. */
function expectedOutput(call: Call, inputTokens: number, atMost: DetailedBound, usual: UsualUse): number {
  if (atMost.outputTokens === 0 || (call.operation !== 'chat' && call.operation !== 'completion')) return 0;
  const known = usual.p95(usualName(call))?.tokens;
  const expected = known === undefined ? USUAL_ANSWER : Math.max(0, known - inputTokens);
  return Math.min(expected, atMost.outputTokens ?? expected);
}
