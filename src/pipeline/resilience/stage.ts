import type { Call, Target } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { warningText } from '../../core/inference/translation.ts';
import type { Reply } from '../../core/reply.ts';
import type { Stage } from '../../core/stage.ts';
import { checkNeeds } from '../../models/capabilities/check.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { EmbeddingBatcher } from '../../models/embeddings/batcher.ts';
import type { Provider, Wire } from '../../models/providers/provider.ts';
import { embed } from './embed.ts';
import { fanOut } from './fan-out.ts';
import { type RunningAttempt, abortError, startAttempt } from './run-attempt.ts';

export interface AttemptDeps {
  catalog(): ModelCatalog;
  readonly clock: Clock;
  readonly batcher: EmbeddingBatcher;
  holdHeadersMs(): number;
}

/** Innermost: one call to the first target of the assignment. */
export function attemptStage(deps: AttemptDeps): Stage {
  return {
    name: 'attempt',
    async run(call) {
      const target = call.assignment?.targets[0];
      if (!target) throw new GatewayError('internal', { cause: new Error('no target was assigned') });
      const vectors = embedWhereJoined(deps, call, target);
      if (vectors) return vectors;
      const start = prepare(deps, call, target);
      return start.copies === 1 ? start.once().reply : fanOut(call, Array.from({ length: start.copies }, start.once));
    },
  };
}

/** Embeddings go upstream together with others', unless nobody joins them and the client's bytes will do. */
function embedWhereJoined(deps: AttemptDeps, call: Call, target: Target): Promise<Reply> | undefined {
  if (call.operation !== 'embeddings') return undefined;
  const { batcher } = deps;
  const catalog = deps.catalog();
  const provider = catalog.provider(target.provider);
  const { embedder } = provider;
  const isRelayed = provider.wire(call.dialect, call.operation, target.model)?.dialect === call.dialect;
  if (!embedder || (isRelayed && !batcher.joins)) return undefined;
  const { embedding } = call;
  const { by } = call.cancellation;
  if (by) throw abortError(by);
  for (const note of embedder.notes?.(call, embedding) ?? []) call.warnings.push(warningText(note));
  const context = { ...settlingOf(deps, call, provider, target), sentBytes: call.body.raw.length };
  return embed({ ...context, protocol: call.dialect }, embedder, target.model, batcher, embedding);
}

interface Prepared {
  /** How many attempts side by side make up the answer. */
  readonly copies: number;
  readonly once: () => RunningAttempt;
}

/** Everything that can refuse the request does so here, before anything is sent. */
function prepare(deps: AttemptDeps, call: Call, target: Target): Prepared {
  const catalog = deps.catalog();
  const provider = catalog.provider(target.provider);
  const name = `${provider.name}/${target.model}`;
  const wire = wireFor(provider, call, target.model);
  const capabilities = catalog.capabilitiesOf(provider, target.model);
  checkNeeds(call.needs, capabilities, name, {
    dialect: call.dialect,
    translated: wire.dialect !== call.dialect,
    others: () => catalog.knownTargets(),
  });
  const plan = provider.plan(call, target.model, capabilities);
  const { by } = call.cancellation;
  if (by) throw abortError(by);
  for (const note of plan.translation?.notes ?? plan.notes ?? []) call.warnings.push(warningText(note));
  return {
    copies: plan.translation?.copies ?? 1,
    once() {
      const context = settlingOf(deps, call, provider, target);
      context.attempt.patches = plan.patches;
      const sentBytes = plan.request.body?.length ?? 0;
      const holdHeadersMs = deps.holdHeadersMs();
      return startAttempt({ ...context, protocol: wire.dialect, sentBytes, wire, plan, holdHeadersMs });
    },
  };
}

/** Opens the attempt in the ledger, with what it will be settled by. */
function settlingOf(deps: AttemptDeps, call: Call, provider: Provider, { model }: Target) {
  const catalog = deps.catalog();
  const price = catalog.priceOf(provider, model);
  const attempt = call.attempts.open({
    target: model === '' ? provider.name : `${provider.name}/${model}`,
    priceVersion: price?.version,
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated: provider.simulated,
  });
  const priceOf = (other: string) => catalog.priceOf(provider, other);
  return { call, attempt, provider, price, priceOf, region: provider.region?.(model), clock: deps.clock };
}

function wireFor(provider: Provider, call: Call, model: string): Wire {
  const wire = provider.wire(call.dialect, call.operation, model);
  if (wire) return wire;
  throw new GatewayError('operation_unsupported', {
    message:
      `The provider "${provider.name}" (${provider.type}) does not serve ${call.endpoint}. ` +
      `Ask for a model of a provider that does.`,
    param: 'model',
  });
}
