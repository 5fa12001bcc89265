import type { FeedbackView } from '../../records/traces/view-schema.ts';
import type { CachePolicy } from '../../core/caching.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import { keyOf } from '../../pipeline/cache/key/key.ts';
import { type ComplexityQuestion, questionOf } from '../../pipeline/routing/complexity/question.ts';
import { RulesJudge } from '../../pipeline/routing/complexity/rules/rules-judge.ts';
import { drawnOf } from '../replay/drawn.ts';
import { type Foresight, sampleAt } from '../replay/foresee.ts';
import { type CallMaker, type RecordedCall, recordedCall } from '../replay/recorded-call.ts';
import { type RecordedRequest, answersOf } from '../replay/recorded-request.ts';
import { DrawnQuestions } from './drawn-questions.ts';
import type { Fact } from './fact.ts';
import { FailureShares } from './service.ts';

/** What facts are made with. */
export interface CollectorDeps {
  readonly catalog: ModelCatalog;
  readonly makeCall: CallMaker;
  readonly foresight: Foresight;
  /** What else is compared, `provider/model`, for the requests of a model. */
  readonly targetsOf: (model: string) => readonly string[];
  /** How demanding a request is by examples; undefined where nobody can say. Absent where there are no examples. */
  readonly byExamples?: (model: string, question: ComplexityQuestion) => Promise<number | undefined>;
}

/** What was collected of one model. */
export interface CollectedModel {
  readonly facts: readonly Fact[];
  /** Completed requests, also those that were left out of the facts. */
  readonly answered: number;
  /** Of these, the ones whose cost is not known. */
  readonly unpriced: number;
  readonly targets: readonly string[];
  /** The exact cache answered some of them. */
  readonly isCached: boolean;
  /** When the first and the last of them came, since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The part of the attempts that fail, by target. */
  readonly failing: ReadonlyMap<string, number>;
}

/** Beyond that, facts are drawn by chance. */
const MOST_FACTS = 20_000;
const MOST_MODELS = 50;
const MOST_REMEMBERED = 300_000;
/** For how long the exact cache would keep an answer. */
const CACHE_MS = 3_600_000;
const DAY_MS = 86_400_000;

const CACHE: CachePolicy = {
  scope: 'project',
  exact: { ttl: CACHE_MS, maxAnswer: Number.POSITIVE_INFINITY, maxTemperature: undefined, tools: true },
  coalesce: true,
  semantic: undefined,
  tokensPerSecond: undefined,
};

interface Kept {
  readonly at: number;
  readonly fact: Fact;
}

interface Collecting {
  answered: number;
  unpriced: number;
  readonly firstAt: number;
  lastAt: number;
  isCached: boolean;
  readonly questions: DrawnQuestions;
  kept: Kept[];
  /** Those that were drawn with more are left out. */
  highest: number;
}

/** Makes facts of recorded chat requests, which have to come in the order of time. Bounded. */
export class FactCollector {
  readonly #deps: CollectorDeps;
  readonly #rules = new RulesJudge();
  readonly #models = new Map<string, Collecting>();
  readonly #failures = new FailureShares();
  /** When the same was asked last: the one asked longest ago first. */
  readonly #asked = new Map<string, number>();

  constructor(deps: CollectorDeps) {
    this.#deps = deps;
  }

  /** @param feedback what was said of its answer */
  add(request: RecordedRequest, feedback: readonly FeedbackView[] = []): void {
    const { status, operation, target, startedAt } = request;
    if (operation !== 'chat') return;
    this.#failures.add(request.attempts);
    if (status !== 'completed' || target === null) return;
    const collecting = this.#of(modelOf(request), startedAt);
    if (!collecting) return;
    collecting.answered += 1;
    collecting.lastAt = startedAt;
    if (request.cache === 'exact') collecting.isCached = true;
    const call = this.#callOf(request);
    const isRepeat = call !== undefined && this.#isRepeat(call);
    if (!request.costKnown || !call) {
      collecting.unpriced += 1;
      return;
    }
    const at = drawnOf(request.traceId, 'advice');
    if (at >= collecting.highest) return;
    const question = call.text.body && readable(call);
    const fact = this.#factOf(call, question, { target, isRepeat, label: labelOf(feedback) });
    if (this.#deps.byExamples) collecting.questions.add(at, request.traceId, question);
    keep(collecting, { at, fact });
  }

  /** By model, the one with the most requests first. */
  async models(): Promise<[model: string, collected: CollectedModel][]> {
    const models: [string, CollectedModel][] = [];
    for (const [model, collecting] of [...this.#models].toSorted(([, a], [, b]) => b.answered - a.answered)) {
      const { answered, unpriced, isCached, firstAt, lastAt } = collecting;
      const facts = await this.#judged(model, collecting);
      const [targets, failing] = [this.#targetsOf(model), this.#failures.shares()];
      models.push([model, { facts, answered, unpriced, isCached, firstAt, lastAt, targets, failing }]);
    }
    return models;
  }

  async #judged(model: string, collecting: Collecting): Promise<Fact[]> {
    const { byExamples } = this.#deps;
    const facts = lowest(collecting).map(({ fact }) => fact);
    if (!byExamples) return facts;
    const scores = await collecting.questions.scores((question) => byExamples(model, question));
    return facts.map((fact) => ({ ...fact, byExamples: scores.get(fact.traceId) }));
  }

  /** Those that answered, and what else is compared. */
  #targetsOf(model: string): readonly string[] {
    const { foresight, targetsOf } = this.#deps;
    return [...new Set([...foresight.knowledge.targetsOf(model), ...targetsOf(model)])];
  }

  #of(model: string, at: number): Collecting | undefined {
    let collecting = this.#models.get(model);
    if (!collecting && this.#models.size < MOST_MODELS) {
      collecting = {
        answered: 0,
        unpriced: 0,
        firstAt: at,
        lastAt: at,
        isCached: false,
        questions: new DrawnQuestions(),
        kept: [],
        highest: 1,
      };
      this.#models.set(model, collecting);
    }
    return collecting;
  }

  #callOf(request: RecordedRequest): RecordedCall | undefined {
    try {
      const call = recordedCall(request, this.#deps.makeCall);
      call.assignment = this.#deps.catalog.assign(call.facts.model);
      return call;
    } catch (thrown) {
      if (thrown instanceof GatewayError) return undefined;
      throw thrown;
    }
  }

  #isRepeat(call: RecordedCall): boolean {
    if (!call.text.body) return false;
    const key = keyOf(call, CACHE);
    if ('ineligible' in key) return false;
    const before = this.#asked.get(key.id);
    if (before !== undefined && call.receivedAt - before < CACHE_MS) return true;
    this.#asked.delete(key.id);
    this.#asked.set(key.id, call.receivedAt + call.recorded.latencyMs);
    for (const oldest of this.#asked.keys()) {
      if (this.#asked.size <= MOST_REMEMBERED) break;
      this.#asked.delete(oldest);
    }
    return false;
  }

  #factOf(
    call: RecordedCall,
    question: ComplexityQuestion | undefined,
    { target, isRepeat, label }: Pick<Fact, 'target' | 'isRepeat' | 'label'>,
  ): Fact {
    const { recorded } = call;
    const isServed = answersOf(recorded).length === 0;
    return {
      traceId: recorded.traceId,
      cluster: clusterOf(recorded),
      target,
      paidNanoUsd: recorded.costNanoUsd,
      isServed,
      ...(isServed ? { costs: NO_COSTS } : this.#elsewhere(call, this.#targetsOf(modelOf(recorded)))),
      latencyMs: recorded.latencyMs,
      score: question && this.#rules.judge(question).score,
      byExamples: undefined,
      shownChars:
        Math.min(question?.asked.length ?? 0, MOST_SHOWN) + Math.min(question?.system.length ?? 0, MOST_SYSTEM),
      isRepeat: isRepeat && !isServed,
      label,
    };
  }

  /** Of its own target what was paid; of others by their answers to requests like it, else as if as long. */
  #elsewhere(call: RecordedCall, targets: readonly string[]): Required<Pick<Fact, 'costs' | 'latenciesMs'>> {
    const { foresight } = this.#deps;
    const { recorded, text } = call;
    const costs = new Map<string, number>();
    const latenciesMs = new Map<string, number>();
    const own = answersOf(recorded).at(-1);
    for (const target of targets) {
      if (costs.has(target)) continue;
      if (target === recorded.target) {
        costs.set(target, recorded.costNanoUsd);
        continue;
      }
      const sample = sampleAt(foresight, call, target);
      if (sample) latenciesMs.set(target, sample.latencyMs + recorded.overheadMs);
      const usage = sample?.usage ?? own?.usage;
      const { reportedCostNanoUsd: _, ...counts } = usage ?? {};
      const cost =
        usage &&
        foresight.prices.costOf(target, counts, {
          sentAt: call.receivedAt,
          durationMs: recorded.latencyMs,
          body: text.body,
        });
      if (cost !== undefined) costs.set(target, cost);
    }
    return { costs, latenciesMs };
  }
}

const NO_COSTS: ReadonlyMap<string, number> = new Map();
/** What a classifier is shown. */
const MOST_SHOWN = 2000;
const MOST_SYSTEM = 300;

function readable(call: RecordedCall): ComplexityQuestion | undefined {
  try {
    return questionOf(call);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return undefined;
    throw thrown;
  }
}

function modelOf({ virtualModel, model }: RecordedRequest): string {
  return virtualModel ?? model ?? '';
}

function clusterOf({ conversationId, project, userId, keyId, startedAt, traceId }: RecordedRequest): string {
  if (conversationId !== null) return `conversation ${project ?? ''} ${conversationId}`;
  if (userId !== null) return `user ${project ?? ''} ${userId} ${Math.floor(startedAt / DAY_MS)}`;
  // A key is mostly a service with many users.
  return `request ${keyId ?? ''} ${traceId}`;
}

/** What its authors say on average. */
function labelOf(feedback: readonly FeedbackView[]): number | undefined {
  const said = feedback.flatMap(({ thumb, score }) => {
    if (score !== null) return [score];
    return thumb === 'up' ? [1] : thumb === 'down' ? [0] : [];
  });
  return said.length === 0 ? undefined : said.reduce((sum, one) => sum + one, 0) / said.length;
}

/** Those with the lowest numbers; sorted when half as many more have come. */
function keep(collecting: Collecting, kept: Kept): void {
  collecting.kept.push(kept);
  if (collecting.kept.length < MOST_FACTS * 1.5) return;
  collecting.kept = lowest(collecting);
  collecting.highest = collecting.kept.at(-1)?.at ?? 1;
}

function lowest({ kept }: Collecting): Kept[] {
  return kept.length <= MOST_FACTS ? kept : kept.toSorted((a, b) => a.at - b.at).slice(0, MOST_FACTS);
}
