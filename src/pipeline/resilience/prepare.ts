import { requireStillWanted } from '../../core/abort-error.ts';
import type { Attempt, AttemptKind } from '../../core/attempts.ts';
import { type Call, type Target, targetName } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { warningText } from '../../core/inference/translation.ts';
import { checkNeeds } from '../../models/capabilities/check.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { EmbeddingBatcher } from '../../models/embeddings/batcher.ts';
import type { Provider, Wire } from '../../models/providers/provider.ts';
import { isRewritten } from './continue/may-continue.ts';
import { embed } from './embed.ts';
import { fanOut } from './fan-out.ts';
import { type RunningAttempt, startAttempt } from './run-attempt.ts';
import type { HeadWatcher, SettleContext } from './settle.ts';

export interface PrepareDeps {
  catalog(): ModelCatalog;
  readonly clock: Clock;
  readonly batcher: EmbeddingBatcher;
  /** Milliseconds that a stream's headers may wait for its first content. */
  holdHeadersMs(): number;
  /** Whether this gateway exports its traces. */
  exportsTraces?(): boolean;
}

/** What the ledger is told of an attempt before it is sent. */
interface Opening {
  readonly kind: AttemptKind;
  readonly retryOf: number | undefined;
  /** Called for each attempt of the request when it is known how it ended. */
  readonly onClose: (attempt: Attempt) => void;
  /** Called with the status and headers of the provider's answer. */
  readonly onHead: HeadWatcher;
}

/** A request that is ready to be sent to one target. */
export interface Prepared {
  /** How many attempts side by side make up the answer. */
  readonly copies: number;
  /** Requests of others go with it, so that it takes no place of its own. */
  readonly joins: boolean;
  /** What the target does not get as it was asked. */
  readonly notes: readonly string[];
  /** Milliseconds until the first content, or the whole answer. */
  readonly firstContentMs: number;
  start(opening: Opening): RunningAttempt;
}

/**
 * Everything that can refuse a request for a target does so here, before anything is sent.
 * @param provider with the key that it goes with
 * @throws operation_unsupported, capability_unsupported, provider_auth_failed, request_invalid, or how the call ended
 */
export function prepare(deps: PrepareDeps, call: Call, target: Target, provider: Provider): Prepared {
  const prepared = prepareEmbedding(deps, call, target, provider) ?? prepareRequest(deps, call, target, provider);
  requireStillWanted(call);
  return prepared;
}

/** Embeddings go upstream together with others', unless nobody joins them and the client's bytes will do. */
function prepareEmbedding(deps: PrepareDeps, call: Call, target: Target, provider: Provider): Prepared | undefined {
  if (call.operation !== 'embeddings') return undefined;
  const { batcher } = deps;
  const { embedder } = provider;
  const isRelayed = provider.wire(call.dialect, call.operation, target.model)?.dialect === call.dialect;
  if (!embedder || (isRelayed && !batcher.joins)) return undefined;
  const { embedding } = call;
  const notes = (embedder.notes?.(call, embedding) ?? []).map(warningText);
  return {
    copies: 1,
    joins: true,
    notes,
    firstContentMs: call.assignment?.timeouts?.headers ?? Number.POSITIVE_INFINITY,
    start(opening) {
      const context = settlingOf(deps, call, { provider, target, notes }, opening);
      const sized = { ...context, protocol: call.dialect, sentBytes: call.body.raw.length };
      return embed(sized, embedder, target.model, batcher, embedding);
    },
  };
}

function prepareRequest(deps: PrepareDeps, call: Call, target: Target, provider: Provider): Prepared {
  const catalog = deps.catalog();
  const wire = wireFor(provider, call, target.model);
  const capabilities = catalog.capabilitiesOf(provider, target.model);
  checkNeeds(call.needs, capabilities, targetName(target), {
    dialect: call.dialect,
    translated: wire.dialect !== call.dialect,
    others: () => catalog.knownTargets(),
  });
  // What goes with a client's own credential is between it and its provider.
  const hints = provider.usesClientCredential?.(call) ? undefined : call.promptCaching?.hintsFor(targetName(target));
  const plan = provider.plan(call, target.model, capabilities, hints);
  const notes = (plan.translation?.notes ?? plan.notes ?? []).map(warningText);
  const copies = plan.translation?.copies ?? 1;
  const rewritten = !plan.translation && (call.screening?.rewrites === true || isRewritten(call));
  const once = (opening: Opening): RunningAttempt => {
    const settling = settlingOf(deps, call, { provider, target, notes }, opening);
    settling.attempt.patches = plan.patches;
    settling.attempt.breakpoints = plan.breakpoints ?? 0;
    return startAttempt({
      ...settling,
      protocol: wire.dialect,
      sentBytes: plan.request.body?.length ?? 0,
      wire,
      plan,
      holdHeadersMs: deps.holdHeadersMs(),
      rewritten,
      exportsTraces: deps.exportsTraces?.() ?? false,
    });
  };
  return {
    copies,
    joins: false,
    notes,
    firstContentMs: plan.request.timeouts.headers,
    start: (opening) => (copies === 1 ? once(opening) : severalOf(call, copies, opening, once)),
  };
}

function severalOf(
  call: Call,
  copies: number,
  opening: Opening,
  once: (opening: Opening) => RunningAttempt,
): RunningAttempt {
  const attempts = Array.from({ length: copies }, () => once(opening));
  return {
    reply: fanOut(call, attempts),
    cancel: (by) => attempts.forEach((attempt) => attempt.cancel(by)),
    expire: (error, before) => attempts.forEach((attempt) => attempt.expire(error, before)),
  };
}

interface Chosen {
  readonly provider: Provider;
  readonly target: Target;
  readonly notes: readonly string[];
}

/** Opens the attempt in the ledger, with what it will be settled by. */
function settlingOf(
  deps: PrepareDeps,
  call: Call,
  { provider, target, notes }: Chosen,
  { kind, retryOf, onClose, onHead }: Opening,
): Omit<SettleContext, 'protocol' | 'sentBytes'> {
  const catalog = deps.catalog();
  const { model } = target;
  const price = catalog.priceOf(provider, model);
  const attempt = call.attempts.open(
    {
      target: targetName(target),
      kind,
      priceVersion: price?.version,
      reservedNanoUsd: undefined,
      retryOf,
      simulated: provider.simulated,
    },
    onClose,
  );
  const priceOf = (other: string) => catalog.priceOf(provider, other);
  return {
    call,
    attempt,
    provider,
    price,
    priceOf,
    region: provider.region?.(model),
    clock: deps.clock,
    notes,
    onHead,
  };
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
