import { requireStillWanted } from '../../core/abort-error.ts';
import type { CacheOutcome, CachePolicy, SemanticPolicy } from '../../core/caching.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError, toGatewayError } from '../../core/errors.ts';
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
import { type AskedKey, type Ineligible, expectAgain, keyOf } from './key/key.ts';
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
      if (policy && CACHED.has(call.operation)) {
        try {
          return throughCache(deps, call, policy, next);
        } catch (thrown) {
          return Promise.reject(toGatewayError(thrown));
        }
      }
      // Nothing is cached, so there is no answer that needs nobody to be asked.
      return call.headers[CACHE_HEADER] === 'only' ? Promise.reject(missOf(NOT_ON)) : next(call);
    },
  };
}

/** Waits for nothing where the answers are in memory. */
function throughCache(deps: CacheDeps, call: Call, policy: CachePolicy, next: Handler): Promise<Reply> {
  const mode = cacheModeOf(call.headers);
  const key = mode === 'bypass' ? undefined : nameOf(deps, call, policy);
  if (!key || 'ineligible' in key) {
    if (mode === 'only') throw missOf(key?.ineligible);
    call.cache = { state: 'bypass' };
    return next(call);
  }
  const passage: Passage = { deps, call, policy, key, mode, next };
  if (mode === 'refresh') return missed(passage, undefined);
  if (!policy.exact) return withoutExact(passage);
  const found = deps.store.get(key.id);
  if (found instanceof Promise) return fromAfar(passage, found);
  return exactHit(passage, found) ?? withoutExact(passage);
}

async function fromAfar(passage: Passage, found: Promise<StoredAnswer | undefined>): Promise<Reply> {
  const { deps, call } = passage;
  const answer = await call.spans.around('cache', 'exact', deps.clock, found);
  requireStillWanted(call);
  return exactHit(passage, answer) ?? withoutExact(passage);
}

function exactHit(passage: Passage, answer: StoredAnswer | undefined): Promise<Reply> | undefined {
  const { call, policy, key } = passage;
  // The id holds the partition already; this is the one place where a mistake would show one tenant another's answer.
  if (answer?.partition !== key.partition) return undefined;
  const reply = give(passage, 'exact', answer);
  if (!reply) return undefined;
  expectAgain(call, policy, call.screening?.version, key);
  return Promise.resolve(reply);
}

function withoutExact(passage: Passage): Promise<Reply> {
  const { call, policy, mode } = passage;
  if (!policy.semantic || call.operation !== 'chat') return missed(passage, undefined);
  // A target is asked for a vector, and paid, where nobody is to be asked.
  if (mode === 'only' && policy.semantic.embedder !== 'built-in') return missed(passage, undefined);
  return nearHit(passage, policy.semantic);
}

async function nearHit(passage: Passage, policy: SemanticPolicy): Promise<Reply> {
  const { deps, call, key } = passage;
  const verdict = await deps.semantic.look(call, key, policy);
  requireStillWanted(call);
  if (verdict.kind === 'ask') return missed(passage, verdict.learn && ((answer) => verdict.learn?.(answer)));
  return give(passage, 'semantic', verdict.answer) ?? missed(passage, undefined);
}

function missed(passage: Passage, learn: Learn | undefined): Promise<Reply> {
  const { deps, call, policy, key, mode } = passage;
  call.cache = { state: 'miss', ...namesOf(key) };
  if (mode === 'only') throw missOf(undefined);
  const ask = asking(passage, learn);
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
  readonly mode: CacheMode | undefined;
  readonly next: Handler;
}

type Learn = (answer: StoredAnswer) => void;

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
    const answeredAt = clock.monotonic();
    const outcome = { state, key, target, responseModel, simulated, ageMs, answeredAt };
    call.cache = asked === undefined ? outcome : { ...outcome, asked };
    const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
    const saving = { mechanism: state, nanoUsd: costNanoUsd, inputTokens, outputTokens };
    call.savings = call.savings === undefined ? [saving] : [...call.savings, saving];
    for (const warning of warnings) if (!call.warnings.includes(warning)) call.warnings.push(warning);
  });
}

/** Asks the provider, and keeps what comes. */
function asking({ deps, policy, key, next }: Passage, learn: Learn | undefined): Handler {
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
      keep(answer: StoredAnswer, isGood?: () => boolean) {
        if (isGood && exact && !learn && deps.store.setIfGood) {
          deps.store.setIfGood(answer, isGood);
          return;
        }
        if (isGood?.() === false) return;
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
