import type { Attempt } from '../../../core/attempts.ts';
import { patchJson } from '../../../core/body-patch.ts';
import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import { NANO_PER_USD } from '../../../core/money.ts';
import type { Usage } from '../../../core/usage.ts';
import type { Price } from '../../../models/pricing/price.ts';
import type { CallRecord } from '../../../records/journal/record.ts';
import type { PromptCacheMetrics } from '../../../records/metrics/prompt-cache-metrics.ts';
import { modelOf } from '../../../records/model-of.ts';
import { lostCost } from './lost-cost.ts';
import { type GroupName, PromptGroup, keyOf } from './prompt-group.ts';
import { rememberPrompt } from './seen-prompt.ts';
import { segmentsOf } from './segments.ts';
import { type Defer, WorkQueue } from './work-queue.ts';

export interface DoctorDeps {
  readonly clock: Clock;
  /** What a target costs; undefined where nobody knows. */
  readonly priceOf: (target: string) => Price | undefined;
  /** Below how many tokens a target caches nothing. */
  readonly leastTokens: (target: string) => number;
  readonly metrics: Pick<PromptCacheMetrics, 'observeLoss'>;
  /** A prompt could not be looked at: told once, since others will be like it. */
  readonly onFailure: (error: unknown) => void;
  readonly defer?: Defer;
}

/** No provider caches shorter prompts. */
const LEAST_TOKENS = 1024;
const MOST_GROUPS = 500;
/** What all groups keep of prompts together. */
const MOST_BYTES = 32 * 1024 * 1024;
const FIVE_MINUTES_MS = 5 * 60_000;
const HOUR_MS = 60 * 60_000;
/** Where all is well, a look from time to time is enough to know what the prompts were like before. */
const GOOD_SHARE = 0.9;
const LOOK_EVERY_MS = 30_000;
/** About as many. */
const BYTES_A_TOKEN = 4;

/** An answered request whose provider says how many tokens it read from its cache. */
interface Reported {
  readonly attempt: Attempt;
  readonly sentAt: number;
  readonly usage: Usage;
  readonly inputTokens: number;
}

/**
 * Why providers do or do not find prompts in their caches: it compares the prompts of requests that have ended, beside
 * the requests that go on, in bounded memory and so much in a second. What it knows is of this process.
 */
export class PromptCacheDoctor {
  readonly #deps: DoctorDeps;
  readonly #queue: WorkQueue;
  readonly #groups = new Map<string, PromptGroup>();
  #hasFailed = false;

  constructor(deps: DoctorDeps) {
    this.#deps = deps;
    this.#queue = new WorkQueue(deps.clock, deps.defer);
  }

  /** All groups of requests that are known. */
  get groups(): Iterable<PromptGroup> {
    return this.#groups.values();
  }

  /** Takes note of a request that has ended. Cheap, and never throws. */
  observe(call: Call, record: CallRecord): void {
    try {
      this.#observe(call, record);
    } catch (error) {
      this.#failed(error);
    }
  }

  #observe(call: Call, record: CallRecord): void {
    const reported = reportedBy(call, record);
    if (!reported) return;
    const { usage, inputTokens, attempt } = reported;
    const group = this.#groupOf(call, record, attempt.opening.target);
    const nowMs = this.#deps.clock.monotonic();
    group.usedAt = nowMs;
    if (inputTokens < LEAST_TOKENS) return group.count('short', nowMs, inputTokens);
    const cached = usage.cacheReadInputTokens ?? 0;
    group.requests += 1;
    group.tokens.add([cached, inputTokens], nowMs);
    group.money.add([savedBy(record), 0], nowMs);
    if (cached >= inputTokens * GOOD_SHARE && nowMs - group.inspectedAt < LOOK_EVERY_MS)
      return group.count('hit', nowMs, inputTokens);
    const isTaken = this.#queue.offer({
      bytes: bytesOf(call, inputTokens),
      run: () => this.#inspect(group, call, record, reported),
      failed: (error) => {
        group.skipped += 1;
        if (error !== undefined) this.#failed(error);
      },
    });
    if (!isTaken) group.skipped += 1;
  }

  #failed(error: unknown): void {
    if (!this.#hasFailed) this.#deps.onFailure(error);
    this.#hasFailed = true;
  }

  /** @returns how many bytes of it were read */
  #inspect(group: PromptGroup, call: Call, { policy, startedAt: at }: CallRecord, reported: Reported): number {
    const { usage, sentAt, attempt } = reported;
    const { target } = attempt.opening;
    const body = sentBody(call, attempt);
    if (!body) return 0;
    const prompt = rememberPrompt(segmentsOf(call.dialect, body));
    const readyAt = attempt.firstContentAt ?? attempt.closedAt ?? sentAt;
    const price = this.#deps.priceOf(target);
    const rules = { leastTokens: this.#deps.leastTokens(target), lifetimeMs: lifetimeOf(call, attempt, usage) };
    const cost = (tokens: number) => lostCost(usage, price, tokens, at);
    const nowMs = this.#deps.clock.monotonic();
    const found = group.inspect({ prompt, usage, sentAt, readyAt, policy, at, lostCost: cost }, rules, nowMs);
    if (found.lostNanoUsd) this.#deps.metrics.observeLoss(group.name.counted, target, found.lostNanoUsd);
    this.#makeRoom(group);
    return prompt.length;
  }

  #groupOf(call: Call, record: CallRecord, target: string): PromptGroup {
    const { project, requestModel = '', endpoint } = record;
    const name: GroupName = { project, model: requestModel, counted: modelOf(record), target, endpoint };
    const key = keyOf(name);
    const known = this.#groups.get(key);
    if (known) return known;
    if (this.#groups.size >= MOST_GROUPS) this.#forgetOldest();
    const { clock } = this.#deps;
    const group = new PromptGroup(name, { now: clock.now(), monotonic: clock.monotonic() });
    this.#groups.set(key, group);
    return group;
  }

  #forgetOldest(): void {
    const oldest = leastRecent(this.#groups.values());
    if (oldest) this.#groups.delete(keyOf(oldest.name));
  }

  /** The prompts of the groups that were not used for longest go first. */
  #makeRoom(latest: PromptGroup): void {
    const holding = [...this.#groups.values()].filter((group) => group !== latest && group.size > 0);
    let bytes = holding.reduce((sum, { size }) => sum + size, latest.size);
    if (bytes <= MOST_BYTES) return;
    for (const group of holding.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= MOST_BYTES) break;
      bytes -= group.size;
      group.forgetPrompts();
    }
  }
}

function leastRecent(groups: Iterable<PromptGroup>): PromptGroup | undefined {
  let oldest: PromptGroup | undefined;
  for (const group of groups) if (!oldest || group.usedAt < oldest.usedAt) oldest = group;
  return oldest;
}

/** Undefined where no provider answered it, or did not say what it counted. */
function reportedBy(call: Call, record: CallRecord): Reported | undefined {
  if (record.status !== 'completed' || call.operation !== 'chat') return undefined;
  const attempt = call.attempts.shown;
  const usage = attempt?.closing?.usage;
  if (!attempt || attempt.sentAt === undefined || usage?.inputTokens === undefined) return undefined;
  // What goes on with another's answer has that answer in its prompt.
  if (attempt.closing?.usageSource !== 'reported' || attempt.opening.kind === 'continuation') return undefined;
  return { attempt, sentAt: attempt.sentAt, usage, inputTokens: usage.inputTokens };
}

/** What there is to read, about: what a request goes on with is not in its own bytes. */
function bytesOf({ body }: Call, inputTokens: number): number {
  return body.resolved === body.json ? body.raw.length : Math.max(body.raw.length, inputTokens * BYTES_A_TOKEN);
}

/** What was asked for, with the changes that were made for the target. */
function sentBody(call: Call, { patches }: Attempt): JsonObject | undefined {
  // Marks are no text.
  const changes = patches.filter(({ path }) => !path.endsWith('/cache_control'));
  const body = changes.length === 0 ? call.body.resolved : patchJson(call.body.resolved, changes);
  return isJsonObject(body) ? body : undefined;
}

/** An hour has to be asked for with a mark: one of ours, or, as the usage tells, one of the client's. */
function lifetimeOf(call: Call, { breakpoints }: Attempt, usage: Usage): number {
  const isOurs = breakpoints > 0 && call.assignment?.promptCache?.ttl === '1h';
  return isOurs || (usage.cacheCreation1hInputTokens ?? 0) > 0 ? HOUR_MS : FIVE_MINUTES_MS;
}

function savedBy({ savings }: CallRecord): number {
  const saving = savings?.find(({ mechanism }) => mechanism === 'prompt-cache');
  return saving?.nanoUsd ?? 0;
}

/** Nano-dollars as APIs show money. */
export function usdOrNull(nanoUsd: number | undefined): number | null {
  return nanoUsd === undefined ? null : Math.round(nanoUsd) / NANO_PER_USD;
}
