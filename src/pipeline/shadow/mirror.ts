import type { Assignment, Call } from '../../core/call.ts';
import { toGatewayError } from '../../core/errors.ts';
import type { NanoUsd } from '../../core/money.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { Handler } from '../../core/stage.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { CallRecord, CallTexts } from '../../records/journal/record.ts';
import { isChosen } from './chosen.ts';
import { type CompareDeps, compare } from './compare/compare.ts';
import { Likeness, type VectorOf } from './compare/similarity.ts';
import type { ShadowDefinition, Shadows } from './definition.ts';
import { Lanes } from './lanes.ts';
import { type LeftOut, leftOutBy } from './left-out.ts';
import { type MirroredCallDeps, mirroredCall } from './mirrored-call.ts';
import { staysWithin } from './reach.ts';
import { MOST_BYTES, readReply } from './read-reply.ts';
import type { Mirrored, Observed, Outcome } from './observed.ts';
import type { Tallies } from './tallies.ts';

export interface MirrorDeps extends MirroredCallDeps, Omit<CompareDeps, 'ask' | 'likeness'> {
  readonly shadows: Pick<Shadows, 'of'>;
  readonly scheduler: Scheduler;
  catalog(): ModelCatalog;
  readonly vectorOf: VectorOf;
  /** What the shadow's model would be with the candidate's settings. @throws where there is no such model */
  variant(shadow: ShadowDefinition): Assignment;
  /** Whether to ask it again does nothing but answer, and names nothing that only its provider keeps. */
  isRepeatable(call: Call): boolean;
  /**
   * Asks targets in the name of a shadow: within its budget, recorded, along the assignment's targets. Budgets come
   * before records, so that what is refused leaves none.
   */
  askerOf(shadow: ShadowDefinition): Handler;
  /** The process has more to do than it can. */
  isBusy(): boolean;
  readonly tallies: Pick<Tallies, 'add'>;
  readonly watch: MirrorWatch;
}

/** Who looks on. */
interface MirrorWatch {
  mirrored(shadow: string, outcome: 'answered' | 'failed'): void;
  /** What a request, or a judge, cost, as far as that is known. */
  spent(shadow: string, nanoUsd: NanoUsd): void;
  leftOut(shadow: string, reason: LeftOut): void;
  /** The budget does not cover a request, and nothing is under way that could give some of it back. */
  unaffordable(shadow: ShadowDefinition): void;
  /** Something went wrong that should not have. */
  failed(shadow: string, err: unknown): void;
}

const OWN = 'causeway/';
/** A candidate that takes longer than this, where nobody says how long it may, is given up. */
const ALLOWED_MS = 120_000;
/** What a budget has not enough for is not asked again at once: the next request will not cost much less. */
const BUDGET_PAUSE_MS = 5000;
/** Where others are under way, which give back what they do not use. */
const SHORT_PAUSE_MS = 100;

/** Sends copies of requests to candidates after they were answered, and compares what comes. */
export class Mirror {
  readonly #deps: MirrorDeps;
  readonly #lanes: Lanes;
  readonly #likeness: Likeness;
  /** Of shadows whose budget did not cover a request: until when none is sent, monotonic milliseconds. */
  readonly #spentUntil = new Map<string, number>();
  readonly #underWay = new Set<Call>();
  #isClosed = false;

  constructor(deps: MirrorDeps) {
    this.#deps = deps;
    this.#lanes = new Lanes(deps.scheduler, deps.clock);
    this.#likeness = new Likeness(deps.vectorOf, deps.clock);
  }

  /** How many requests are mirrored now. */
  get underWay(): number {
    return this.#lanes.underWay;
  }

  /**
   * A request has ended. Looks whether it is to be mirrored, and no more. Never throws.
   */
  observe(record: CallRecord, call: Call, { output }: Pick<CallTexts, 'output'>): void {
    const { virtualModel, status, operation } = record;
    if (virtualModel === undefined || status !== 'completed' || operation !== 'chat') return;
    const shadows = this.#deps.shadows.of(virtualModel);
    if (shadows.length === 0 || call.endpoint.startsWith(OWN)) return;
    for (const shadow of shadows) {
      if (!isChosen(shadow.id, call.id, shadow.share)) continue;
      try {
        this.#take(shadow, { record, call, output });
      } catch (thrown) {
        this.#deps.watch.failed(shadow.id, thrown);
        this.#leaveOut(shadow, 'failure');
      }
    }
  }

  /** Gives up what is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = this.#lanes.close();
    for (const { cancellation } of this.#underWay) cancellation.cancel('shutdown');
    await closed;
  }

  #take(shadow: ShadowDefinition, observed: Observed): void {
    const reason = this.#whyNot(shadow, observed);
    if (reason) {
      this.#leaveOut(shadow, reason);
      return;
    }
    const { call, output } = observed;
    this.#lanes.add({
      shadow: shadow.id,
      concurrency: shadow.concurrency,
      bytes: call.body.raw.length + (output?.byteLength ?? 0),
      run: () => this.#run(shadow, observed),
      drop: (why) => this.#leaveOut(shadow, why),
    });
  }

  /** As far as it can be seen at a glance. */
  #whyNot({ id }: ShadowDefinition, { call, output }: Observed): LeftOut | undefined {
    if (this.#isClosed) return 'shutdown';
    const { state = 'miss' } = call.cache ?? {};
    if (state !== 'miss' && state !== 'bypass') return 'cached';
    // The copy is made of the client's own bytes, which are for nobody's eyes then.
    if (call.screening?.touched) return 'screened';
    if (call.body.raw.length > MOST_BYTES || (output && output.byteLength > MOST_BYTES)) return 'large';
    if (this.#deps.isBusy()) return 'overload';
    return this.#isSpent(id) ? 'budget' : undefined;
  }

  #pause(shadow: ShadowDefinition): void {
    const isAlone = this.#lanes.underWayOf(shadow.id) <= 1;
    this.#spentUntil.set(shadow.id, this.#deps.clock.monotonic() + (isAlone ? BUDGET_PAUSE_MS : SHORT_PAUSE_MS));
    if (isAlone) this.#deps.watch.unaffordable(shadow);
  }

  #isSpent(id: string): boolean {
    const until = this.#spentUntil.get(id);
    if (until === undefined) return false;
    if (this.#deps.clock.monotonic() < until) return true;
    this.#spentUntil.delete(id);
    return false;
  }

  #leaveOut(shadow: ShadowDefinition, reason: LeftOut): void {
    this.#deps.watch.leftOut(shadow.id, reason);
    this.#deps.tallies.add(shadow, 'pairs', { leftOut: { [reason]: 1 } });
  }

  /** Never rejects. */
  async #run(shadow: ShadowDefinition, observed: Observed): Promise<void> {
    try {
      const reason = await this.#mirror(shadow, observed);
      if (reason === 'budget') this.#pause(shadow);
      if (reason) this.#leaveOut(shadow, reason);
    } catch (thrown) {
      this.#deps.watch.failed(shadow.id, thrown);
      this.#leaveOut(shadow, 'failure');
    }
  }

  async #mirror(shadow: ShadowDefinition, observed: Observed): Promise<LeftOut | undefined> {
    // Others of the same turn may have found out that nothing is left.
    const sooner = this.#whyNot(shadow, observed) ?? this.#whyNever(observed.call);
    if (sooner) return sooner;
    const assignment = this.#assignmentOf(shadow);
    if (!assignment) return 'gone';
    if (!staysWithin(assignment, observed.call)) return 'confined';
    const allowedMs = assignment.timeouts?.total ?? ALLOWED_MS;
    const call = mirroredCall(this.#deps, observed.call, assignment, { shadow: shadow.id, allowedMs });
    if (!call) return 'unrepeatable';
    const ask = this.#deps.askerOf(shadow);
    const outcome = await this.#kept(shadow, call, () => this.#answerOf(call, ask, allowedMs));
    if (typeof outcome === 'string') return outcome;
    const mirrored: Mirrored = { call, outcome };
    const judged: Handler = (own) => this.#kept(shadow, own, () => ask(own));
    await compare({ ...this.#deps, likeness: this.#likeness, ask: judged }, shadow, observed, mirrored);
    this.#deps.watch.mirrored(shadow.id, outcome.kind);
    return undefined;
  }

  /** For what one has to look into the request. */
  #whyNever(call: Call): LeftOut | undefined {
    if (this.#wentAsClient(call)) return 'credentials';
    return this.#deps.isRepeatable(call) ? undefined : 'unrepeatable';
  }

  /** Who brought a key for one provider did not mean it to be answered for another's. */
  #wentAsClient(call: Call): boolean {
    const { assignment } = call;
    if (!assignment?.passThroughCredentials) return false;
    const { providers } = this.#deps.catalog();
    const names = new Set(assignment.targets.map(({ provider }) => provider));
    return providers.some((one) => names.has(one.name) && one.usesClientCredential?.(call) === true);
  }

  #assignmentOf(shadow: ShadowDefinition): Assignment | undefined {
    try {
      return this.#deps.variant(shadow);
    } catch {
      return undefined;
    }
  }

  /** Whoever is asked in the shadow's name is given up at a shutdown. */
  async #kept<T>(shadow: ShadowDefinition, call: Call, asking: () => Promise<T>): Promise<T> {
    this.#underWay.add(call);
    this.#countCosts(shadow, call);
    if (this.#isClosed) call.cancellation.cancel('shutdown');
    try {
      return await asking();
    } finally {
      this.#underWay.delete(call);
    }
  }

  #countCosts({ id }: ShadowDefinition, { attempts }: Call): void {
    let told = 0;
    attempts.whenClosed(() => {
      const { nanoUsd } = attempts.cost;
      if (nanoUsd > told) this.#deps.watch.spent(id, nanoUsd - told);
      told = nanoUsd;
    });
  }

  async #answerOf(call: Call, ask: Handler, allowedMs: number): Promise<Outcome | LeftOut> {
    const timer = this.#deps.scheduler.after(allowedMs, () => call.cancellation.cancel('deadline'));
    try {
      const { terminal, said } = await readReply(this.#deps.catalog(), call, await ask(call));
      if (terminal.kind === 'completed') return { kind: 'answered', said, finishReason: terminal.finishReason };
      if (terminal.kind === 'failed') return { kind: 'failed', code: terminal.error.code };
      return terminal.by === 'shutdown' ? 'shutdown' : { kind: 'failed', code: 'deadline_exceeded' };
    } catch (thrown) {
      const reason = leftOutBy(thrown);
      if (reason === 'failure') throw thrown;
      return reason ?? { kind: 'failed', code: toGatewayError(thrown).code };
    } finally {
      timer();
    }
  }
}
