import { hash } from 'node:crypto';

import type { CachePolicy } from '../../core/caching.ts';
import { isKeptByProvider } from '../../models/answers/provider-wire.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import { BYTES_PER_TOKEN } from '../../models/pricing/assumed-usage.ts';
import { formName } from '../../pipeline/cache/answer/form.ts';
import { echoName } from '../../pipeline/cache/answer/own-echo.ts';
import { CACHED } from '../../pipeline/cache/key/eligible.ts';
import { isGenerated } from '../../pipeline/cache/answer/faultless.ts';
import { keyOf } from '../../pipeline/cache/key/key.ts';
import { splitRequest } from '../../pipeline/cache/key/split.ts';
import { tenantOf } from '../../pipeline/cache/key/tenant.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { AnsweredOutcome, CachedOutcome } from './outcome.ts';
import type { RecordedCall } from './recorded-call.ts';
import { recordedOutcome } from './recorded-outcome.ts';
import type { ReplayClock } from './replay-clock.ts';

export interface CacheDeps {
  readonly catalog: ModelCatalog;
  readonly clock: ReplayClock;
  readonly kept: KeptAnswers;
  /** Answers may have been made until then that are not seen here, epoch milliseconds. */
  readonly unseenUntil: number;
}

/** What the caches do for one call. */
export interface CacheVerdict {
  readonly hit?: CachedOutcome;
  /** Where its answer is kept; absent where it is not. */
  readonly key?: string;
  readonly flight?: string;
  /** Its text was not kept, so that nobody can tell: it is a hit where it was one. */
  readonly isUntold?: true;
  /** It was a hit, of an answer from before the time that is replayed; whether it is one still, only its age would say. */
  readonly isOfBefore?: true;
  /** Something that means the same might have been answered. */
  readonly mayMeanTheSame?: true;
}

const NOTHING: CacheVerdict = {};
/** A hit takes about so long, milliseconds. */
const USUAL_HIT_MS = 1;

/** The gateway's own key over the recorded body, and the time of the record. */
export function lookUp(deps: CacheDeps, call: RecordedCall): CacheVerdict {
  const policy = call.assignment?.cache;
  if (!policy || !CACHED.has(call.operation)) return NOTHING;
  // Whoever asked for no cache, or for what is not cached, did so for any configuration.
  if (call.recorded.cache === 'bypass') return NOTHING;
  const key = nameOf(deps, call, policy);
  if (key === undefined) return call.text.body === undefined ? untold(call, policy) : NOTHING;
  const flight = call.text.body ? `${key} ${formName(call)} ${echoName(call)}` : key;
  const hit = hitOf(deps, call, { policy, key, flight });
  if (hit) return { hit };
  const before = ofBefore(deps, call, policy, key);
  if (before) return { hit: before, ...(before.state === 'exact' && { isOfBefore: true }) };
  return { key, flight, ...(policy.semantic && isSplit(call) && { mayMeanTheSame: true }) };
}

/** Of what is kept as a hash only: two with the same hash are the same, and more is not known. */
function nameOf({ catalog }: CacheDeps, call: RecordedCall, policy: CachePolicy): string | undefined {
  const { body, sha256 } = call.text;
  if (sha256 !== undefined) {
    const tenant = tenantOf(call, policy);
    return tenant === undefined ? undefined : hash('sha256', `${tenant} ${sha256}`).slice(0, 32);
  }
  if (!body || isKeptByProvider(catalog, call)) return undefined;
  const key = keyOf(call, policy);
  return 'ineligible' in key ? undefined : key.id;
}

interface Named {
  readonly policy: CachePolicy;
  readonly key: string;
  readonly flight: string;
}

function hitOf({ clock, kept }: CacheDeps, call: RecordedCall, named: Named): CachedOutcome | undefined {
  const { policy, key, flight } = named;
  const now = clock.now();
  const found = policy.exact && kept.find(key, now);
  if (found) return cached(call, 'exact', found.target, 0);
  const other = policy.coalesce ? kept.underWay(flight) : undefined;
  if (other) return cached(call, 'coalesced', other.target, other.endsAt - now);
  return undefined;
}

function untold(call: RecordedCall, policy: CachePolicy): CacheVerdict {
  const hit = asRecorded(call, policy);
  return { isUntold: true, ...(hit && { hit }) };
}

/** A hit of the record whose answer came before the time that is replayed, or at the same moment. */
function ofBefore(
  { clock, kept, unseenUntil }: CacheDeps,
  call: RecordedCall,
  policy: CachePolicy,
  key: string,
): CachedOutcome | undefined {
  const now = clock.now();
  const hit = kept.isGone(key, now) ? undefined : asRecorded(call, policy);
  // How old the answer was is not recorded, but it is from before all that is seen here.
  const isOver = hit?.state === 'exact' && now - unseenUntil >= (policy.exact?.ttl ?? 0);
  return isOver ? undefined : hit;
}

/** What a cache did then, where that cache is on. */
function asRecorded({ recorded }: RecordedCall, policy: CachePolicy): CachedOutcome | undefined {
  const before = recordedOutcome(recorded);
  if (before.kind !== 'cached') return undefined;
  const isOn = { exact: policy.exact, coalesced: policy.coalesce, semantic: policy.semantic }[before.state];
  return isOn ? before : undefined;
}

function cached(
  { recorded }: RecordedCall,
  state: 'exact' | 'coalesced',
  target: string | undefined,
  waitMs: number,
): CachedOutcome {
  const ownMs = Math.min(recorded.overheadMs || USUAL_HIT_MS, recorded.latencyMs);
  const latencyMs = Math.max(waitMs, 0) + (state === 'exact' ? ownMs : 0);
  return { kind: 'cached', state, target, latencyMs, ttftMs: recorded.streamed ? latencyMs : undefined };
}

function isSplit(call: RecordedCall): boolean {
  return call.operation === 'chat' && call.text.body !== undefined && splitRequest(call) !== undefined;
}

/** Keeps the answer from its end on, where it is one that may be given to others. */
export function remember(
  { clock, kept }: CacheDeps,
  call: RecordedCall,
  { key, flight }: CacheVerdict,
  { target, hasFailed, latencyMs, outputTokens }: AnsweredOutcome,
): void {
  const policy = call.assignment?.cache;
  if (key === undefined || !policy || hasFailed) return;
  const endsAt = clock.now() + latencyMs;
  if (flight !== undefined && policy.coalesce) {
    kept.takesOff(flight, { target, endsAt });
    clock.at(endsAt, () => kept.lands(flight));
  }
  const { exact } = policy;
  if (!exact || !endedWell(call)) return;
  const bytes = call.recorded.outputBytes ?? outputTokens * BYTES_PER_TOKEN;
  if (bytes > exact.maxAnswer) return;
  clock.at(endsAt, () => kept.keep(key, { target, expiresAt: endsAt + exact.ttl, bytes }));
}

const GOOD_ENDS: ReadonlySet<string | null> = new Set(['stop', 'tool-calls']);

/** As it was recorded; of what was not answered then nothing else is known, so it is taken to have. */
function endedWell({ recorded }: RecordedCall): boolean {
  if (!isGenerated(recorded.operation) || recorded.status !== 'completed') return true;
  return recorded.attempts.length === 0 || GOOD_ENDS.has(recorded.finishReason);
}
