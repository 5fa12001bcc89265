import { requireStillWanted } from '../../core/abort-error.ts';
import type { CacheOutcome, CachePolicy } from '../../core/caching.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import type { Handler, Stage } from '../../core/stage.ts';
import { capture } from './answer/capture.ts';
import { formName } from './answer/form.ts';
import { echoName } from './answer/own-echo.ts';
import { isKeptByProvider } from '../../models/answers/provider-wire.ts';
import { replay } from './answer/replay.ts';
import type { StoredAnswer } from './answer/stored-answer.ts';
import type { CacheDeps } from './deps.ts';
import { CACHED } from './key/eligible.ts';
import { type AskedKey, type Ineligible, keyOf } from './key/key.ts';
import { CACHE_HEADER, type CacheMode, cacheModeOf } from './request-mode.ts';

const NOT_ON = 'no cache is on for such requests to this model';

/** Of a model whose answers are kept for what means the same, and not for what is the same. Bytes. */
const MAX_ANSWER = 1024 * 1024;

/** What need not be asked twice: the same request again, what means the same, and the same at the same time. */
export function cacheStage(deps: CacheDeps): Stage {
  return {
    name: 'cache',
    run(call, next) {
      const policy = call.assignment?.cache;
      if (policy && CACHED.has(call.operation)) return throughCache(deps, call, policy, next);
      // Nothing is cached, so there is no answer that needs nobody to be asked.
      return call.headers[CACHE_HEADER] === 'only' ? Promise.reject(missOf(NOT_ON)) : next(call);
    },
  };
}

async function throughCache(deps: CacheDeps, call: Call, policy: CachePolicy, next: Handler): Promise<Reply> {
  const mode = cacheModeOf(call.headers);
  const key = mode === 'bypass' ? undefined : nameOf(deps, call, policy);
  if (!key || 'ineligible' in key) {
    if (mode === 'only') throw missOf(key?.ineligible);
    call.cache = { state: 'bypass' };
    return next(call);
  }
  const passage: Passage = { deps, call, policy, key };
  let learn: Learn | undefined;
  if (mode !== 'refresh') {
    const hit = await exactHit(passage);
    if (hit) return hit;
    const near = await nearHit(passage, mode);
    if (near?.reply) return near.reply;
    learn = near?.learn;
  }
  call.cache = { state: 'miss', ...namesOf(key) };
  if (mode === 'only') throw missOf(undefined);
  const ask = asking(passage, next, learn);
  // Who wants a fresh answer does not want one that was asked for before.
  if (!policy.coalesce || mode === 'refresh') return ask(call);
  return deps.flights.run(`${key.id} ${formName(call)} ${echoName(call)}`, call, ask);
}

const KEPT_ELSEWHERE: Ineligible = {
  ineligible: 'its provider keeps what it answers ("store"), until it is deleted there',
};

function nameOf(deps: CacheDeps, call: Call, policy: CachePolicy): AskedKey | Ineligible {
  return isKeptByProvider(deps.catalog(), call) ? KEPT_ELSEWHERE : keyOf(call, policy, call.screening?.version);
}

/** As the outcome says it. */
function namesOf({ id, asked }: Pick<AskedKey, 'id' | 'asked'>): Pick<CacheOutcome, 'key' | 'asked'> {
  return asked === undefined ? { key: id } : { key: id, asked };
}

/** One call on its way through the cache. */
interface Passage {
  readonly deps: CacheDeps;
  readonly call: Call;
  readonly policy: CachePolicy;
  readonly key: AskedKey;
}

type Learn = (answer: StoredAnswer) => void;

async function exactHit(passage: Passage): Promise<Reply | undefined> {
  const { deps, call, policy, key } = passage;
  if (!policy.exact) return undefined;
  const found = deps.store.get(key.id);
  let answer: StoredAnswer | undefined;
  if (found instanceof Promise) {
    answer = await call.spans.around('cache', 'exact', deps.clock, found);
    requireStillWanted(call);
  } else answer = found;
  // The id holds the partition already; this is the one place where a mistake would show one tenant another's answer.
  return answer?.partition === key.partition ? give(passage, 'exact', answer) : undefined;
}

interface Near {
  readonly reply?: Reply | undefined;
  readonly learn?: Learn | undefined;
}

async function nearHit(passage: Passage, mode: CacheMode | undefined): Promise<Near | undefined> {
  const { deps, call, policy, key } = passage;
  if (!policy.semantic || call.operation !== 'chat') return undefined;
  // A target is asked for a vector, and paid, where nobody is to be asked.
  if (mode === 'only' && policy.semantic.embedder !== 'built-in') return undefined;
  const verdict = await deps.semantic.look(call, key, policy.semantic);
  requireStillWanted(call);
  if (verdict.kind === 'serve') return { reply: give(passage, 'semantic', verdict.answer) };
  return { learn: verdict.learn && ((answer) => verdict.learn?.(answer)) };
}

/** Undefined where the answer cannot be had in the form that this client wants without a loss. */
function give(
  { deps, call, key: { asked } }: Passage,
  state: 'exact' | 'semantic',
  answer: StoredAnswer,
): Reply | undefined {
  return replay(deps, call, answer, () => {
    const { key, target, responseModel, simulated, storedAt, costNanoUsd, usage, warnings = [] } = answer;
    const { clock } = deps;
    const ageMs = clock.now() - storedAt;
    const names = namesOf({ id: key, asked });
    call.cache = { state, ...names, target, responseModel, simulated, ageMs, answeredAt: clock.monotonic() };
    const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
    const saving = { mechanism: state, nanoUsd: costNanoUsd, inputTokens, outputTokens };
    call.savings = [...(call.savings ?? []), saving];
    for (const warning of warnings) if (!call.warnings.includes(warning)) call.warnings.push(warning);
  });
}

/** Asks the provider, and keeps what comes. */
function asking({ deps, policy, key }: Passage, next: Handler, learn: Learn | undefined): Handler {
  const { exact, semantic } = policy;
  return async (call) => {
    const keeping = {
      catalog: deps.catalog(),
      key,
      askedAt: deps.clock.now(),
      warned: call.warnings.length,
      now: () => deps.clock.now(),
      ttl: exact?.ttl ?? semantic?.ttl ?? 0,
      maxAnswer: exact?.maxAnswer ?? MAX_ANSWER,
      keep(answer: StoredAnswer) {
        if (exact) deps.store.set(answer);
        learn?.(answer);
      },
    };
    const reply = await next(call);
    if (exact || learn) capture(keeping, call, reply);
    return reply;
  };
}

function missOf(why: string | undefined): GatewayError {
  if (why === undefined) return new GatewayError('cache_miss');
  return new GatewayError('cache_miss', {
    message: `The request (x-causeway-cache: only) allows no answer but a cached one, and it is not cached: ${why}.`,
  });
}
