import { type Call, targetName } from '../../../core/call.ts';
import type { SemanticPolicy } from '../../../core/caching.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Span } from '../../../core/spans.ts';
import type { AnswerContent, StoredAnswer } from '../answer/stored-answer.ts';
import type { SemanticCache, SemanticVerdict } from '../deps.ts';
import type { CacheKey } from '../key/cache-key.ts';
import type { PurgeFilter } from '../store/answer-store.ts';
import { type Choice, choose } from './choose.ts';
import { Comparer } from './compare/comparer.ts';
import type { Found, MadeVector, VectorDesk } from '../../../models/vectors/embed/messages.ts';
import { Entries } from './entries/entries.ts';
import type { Entry } from './entries/entry.ts';
import { NEIGHBOURS } from './estimator/neighbour.ts';
import { Families, type Family, type FamilyView } from './families.ts';
import type { JudgeDeps } from './own/judge.ts';
import { embedByTarget } from './own/target-embedder.ts';
import { LastPurges } from './purges.ts';
import { type Question, questionOf } from './question.ts';
import { traitsOf } from './vetoes/vetoes.ts';

/** What the semantic cache works with. */
export interface SemanticCacheDeps extends JudgeDeps {
  readonly scheduler: Scheduler;
  /** 0 up to 1. */
  readonly random: () => number;
  /** What entries may take, bytes. */
  readonly maxBytes: number;
}

/** What a request waits for a vector of this process, and of a target; then the model is asked. */
const LIMIT_MS = 150;
const TARGET_LIMIT_MS = 1000;

/** Answers that are compared at the same time; what comes while there are so many teaches nothing. */
const MOST_LEARNING = 64;
/** Between two walks through all entries for those that are out of date, and between two steps of one. */
const SWEEP_MS = 60_000;
const STEP_MS = 20;
const MOST_OF_STEP = 500;

const ASK: SemanticVerdict = { kind: 'ask' };

/** A neighbour was found, or none, by vectors that are there now. */
interface Sight {
  readonly found: Found;
  readonly family: Family;
  readonly choice: Choice;
}

/** What it holds and has learned. */
export interface SemanticView {
  readonly entries: number;
  readonly bytes: number;
  readonly families: readonly FamilyView[];
}

/**
 * Answers a request with the answer to one that means the same, where that is right often enough: how often is learned
 * for each tenant and model by asking the model all the same, and comparing.
 */
export class VerifiedSemanticCache implements SemanticCache {
  readonly #deps: SemanticCacheDeps;
  readonly #vectors: VectorDesk;
  readonly #entries: Entries;
  readonly #families: Families;
  readonly #comparer: Comparer;
  readonly #purges = new LastPurges();
  #lastId = 0;
  #learning = 0;
  #isClosed = false;
  #stopSweep: (() => void) | undefined;

  constructor(deps: SemanticCacheDeps, vectors: VectorDesk) {
    this.#deps = deps;
    this.#vectors = vectors;
    this.#families = new Families(deps.random);
    this.#entries = new Entries(deps.maxBytes, (entries) => this.#forget(entries));
    this.#comparer = new Comparer(deps, (text) => vectors.ask({ text }, false));
  }

  async look(call: Call, key: CacheKey, policy: SemanticPolicy): Promise<SemanticVerdict> {
    const { clock } = this.#deps;
    const span = call.spans.open('cache', 'semantic', clock.monotonic());
    try {
      const question = questionOf(call, key, policy);
      return question ? await this.#lookFor(question, span) : ASK;
    } catch {
      span.status = 'failed';
      return ASK;
    } finally {
      span.endedAt = clock.monotonic();
    }
  }

  purge(filter: PurgeFilter): number {
    this.#purges.note(filter, this.#deps.clock.now());
    return this.#entries.purge(filter);
  }

  view(): SemanticView {
    return { entries: this.#entries.size, bytes: this.#entries.bytes, families: this.#families.views() };
  }

  /** The vectors are gone, so nothing can be found any more. What was learned stays. */
  clear(): void {
    this.#entries.clear();
  }

  close(): void {
    this.#stopSweep?.();
    this.#isClosed = true;
  }

  async #lookFor(question: Question, span: Span): Promise<SemanticVerdict> {
    // Where there is nothing to find nobody waits, and a vector is made only of what was answered.
    if (!this.#entries.has(question.partition)) {
      span.detail = { decision: 'none' };
      return { kind: 'ask', learn: (answer) => this.#learn(question, () => this.#sight(question, false), answer) };
    }
    const seeing = this.#sight(question, true);
    const sight = await this.#inTime(question, seeing);
    const { neighbour } = sight?.choice ?? {};
    const entry = neighbour && this.#entries.get(neighbour.entry, this.#deps.clock.now());
    const decision = entry && sight?.family.estimator.decide(neighbour, question.asked);
    span.detail = detailOf(sight, decision?.kind === 'explore' ? decision.reason : decision?.kind);
    if (entry && decision?.kind === 'serve') return { kind: 'serve', answer: entry.answer };
    return { kind: 'ask', learn: (answer) => this.#learn(question, () => seeing, answer) };
  }

  async #inTime({ call, target }: Question, seeing: Promise<Sight | undefined>): Promise<Sight | undefined> {
    const { clock, scheduler } = this.#deps;
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const cancel = scheduler.after(target ? TARGET_LIMIT_MS : LIMIT_MS, () => resolve(undefined));
    const name = target ? targetName(target) : 'built-in';
    try {
      return await call.spans.around('embedding', name, clock, Promise.race([seeing, late]));
    } finally {
      cancel();
    }
  }

  /** Never rejects. */
  async #sight(question: Question, isUrgent: boolean): Promise<Sight | undefined> {
    const { call, target, key, policy, partition, asked } = question;
    let made: MadeVector | undefined;
    if (target) {
      made = await embedByTarget(this.#deps, call, target, asked);
      if (!made) return undefined;
    }
    const found = await this.#vectors.ask(
      { ...(made ? { made } : { text: asked }), partition, most: NEIGHBOURS },
      isUrgent,
    );
    if (!found) return undefined;
    const family = this.#families.of(projectOf(call), call.facts.model, key, found.space, policy);
    const now = this.#deps.clock.now();
    const near = found.near.flatMap(({ id, similarity }) => {
      const entry = this.#entries.get(id, now);
      return entry ? [{ entry: id, similarity, answer: entry.answerName, traits: () => traitsOf(entry.asked) }] : [];
    });
    return { found, family, choice: choose(traitsOf(asked), near) };
  }

  /**
   * Beside the request, which is answered already.
   * @param see makes the vector, unless that was done before; it is not made for what is not learned
   */
  #learn(question: Question, see: () => Promise<Sight | undefined>, answer: StoredAnswer): void {
    if (this.#learning >= MOST_LEARNING || this.#isClosed) return;
    this.#learning += 1;
    void this.#compareAndKeep(question, see, answer)
      // What cannot be compared teaches nothing.
      .catch(() => undefined)
      .finally(() => (this.#learning -= 1));
  }

  async #compareAndKeep(
    question: Question,
    see: () => Promise<Sight | undefined>,
    answer: StoredAnswer,
  ): Promise<void> {
    const gist = await this.#comparer.gistOf(question, answer);
    const sight = gist && (await see());
    if (!sight) return;
    const { neighbour } = sight.choice;
    const near = sight.found.near.flatMap(({ id }) => this.#entries.get(id, this.#deps.clock.now()) ?? []);
    const nearest = neighbour && near.find(({ id }) => id === neighbour.entry);
    let { spelling: answerName } = gist;
    if (neighbour && nearest) {
      const same = await this.#comparer.areSame(question, nearest.gist, gist);
      if (same === undefined) return;
      sight.family.estimator.observe(neighbour, same);
      if (same) answerName = nearest.answerName;
    }
    if (answerName === gist.spelling) answerName = this.#comparer.nameAmong(near, gist) ?? answerName;
    // The same words again: the later answer counts.
    this.#entries.remove(near.filter(({ asked }) => asked === question.asked));
    this.#keep(question, sight, { gist, answerName, answer });
  }

  #keep(question: Question, { found, family }: Sight, kept: Pick<Entry, 'gist' | 'answerName' | 'answer'>): void {
    const { asked, partition, policy } = question;
    if (this.#isClosed || this.#purges.hit(kept.answer)) return;
    const id = String((this.#lastId += 1));
    const expiresAt = this.#deps.clock.now() + policy.ttl;
    const answer = { ...kept.answer, expiresAt, content: ownContent(kept.answer.content) };
    const { length: dimensions } = found.vector;
    const entry: Entry = { id, partition, family: family.name, asked, dimensions, ...kept, answer };
    if (!this.#entries.add(entry, policy.maxEntries)) return;
    this.#vectors.add(partition, id, { space: found.space, vector: found.vector });
    this.#stopSweep ??= this.#deps.scheduler.after(SWEEP_MS, () => this.#sweep());
  }

  /** Those that are out of date are not served before either. */
  #sweep(): void {
    this.#stopSweep = undefined;
    const isDone = this.#entries.removeExpired(this.#deps.clock.now(), MOST_OF_STEP);
    if (this.#entries.size === 0) return;
    this.#stopSweep = this.#deps.scheduler.after(isDone ? SWEEP_MS : STEP_MS, () => this.#sweep());
  }

  #forget(entries: readonly Entry[]): void {
    this.#vectors.remove(entries.map(({ id }) => id));
    for (const { id, family, answer } of entries) this.#families.forget(answer.labels.project, family, id);
  }
}

/** Bytes that hold nothing else in memory with them. */
function ownContent(content: AnswerContent): AnswerContent {
  if (content.kind !== 'bytes') return content;
  // Not `Buffer.from`, whose small ones are parts of a larger one.
  const body = Buffer.allocUnsafeSlow(content.body.byteLength);
  content.body.copy(body);
  return { ...content, body };
}

function projectOf({ principal }: Call): string {
  return principal?.project ?? '';
}

function detailOf(sight: Sight | undefined, decision: string | undefined): Span['detail'] {
  if (!sight) return { decision: 'late' };
  const { neighbour, veto } = sight.choice;
  const similarity = neighbour && Math.round(neighbour.similarity * 1000) / 1000;
  return {
    decision: decision ?? 'none',
    ...(similarity !== undefined && { similarity }),
    ...(veto && { veto }),
  };
}
