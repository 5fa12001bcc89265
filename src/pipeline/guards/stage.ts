import { requireStillWanted } from '../../core/abort-error.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Reply } from '../../core/reply.ts';
import type { Verdict } from '../../core/screening.ts';
import type { Handler, Stage } from '../../core/stage.ts';
import type { Policies } from './engine/guard-policy.ts';
import type { PolicyBook } from './engine/policy-book.ts';
import { ScreenedCall } from './engine/screened-call.ts';
import type { InputDeps } from './input/deps.ts';
import type { GoesOn, NeedsReview, Refused } from './input/outcome.ts';
import { screenRequest } from './input/screen-request.ts';
import type { Given, OutputDeps } from './output/deps.ts';
import { lossesOf } from './output/losses.ts';
import { refuseBackground } from './output/background.ts';
import { type OutputPlan, hasScreenedAnswer, needsRewriting, planOf } from './output/output-plan.ts';
import { screenReply } from './output/screen-reply.ts';
import { refuse } from './refusal.ts';
import { parkedReply } from './review/parked-reply.ts';
import { type Passing, giveBack, passOf } from './review/passing.ts';
import type { Approval, ReviewDesk } from './review/review-desk.ts';
import type { UnreadKind } from './slots/slot.ts';
import { problemText } from './validation/problem-text.ts';

export interface ScreenDeps {
  readonly policies: Pick<PolicyBook, 'of'>;
  readonly input: InputDeps;
  readonly output: OutputDeps;
  readonly reviews: Pick<ReviewDesk, 'park' | 'pass'>;
}

/** What a call that falls under policies meets: its request before it goes on, its answer before it goes out. */
export function screenStage(deps: ScreenDeps): Stage {
  return {
    name: 'screen',
    run(call, next) {
      const policies = deps.policies.of(call);
      return policies ? new Passage(deps, call, policies, next).run() : next(call);
    },
  };
}

/** One call on its way through the guards. */
class Passage {
  readonly #deps: ScreenDeps;
  readonly #call: Call;
  readonly #policies: Policies;
  readonly #next: Handler;
  readonly #screening: ScreenedCall;

  constructor(deps: ScreenDeps, call: Call, policies: Policies, next: Handler) {
    this.#deps = deps;
    this.#call = call;
    this.#policies = policies;
    this.#next = next;
    this.#screening = new ScreenedCall(policies);
    call.screening = this.#screening;
  }

  run(): Promise<Reply> {
    const call = this.#call;
    if (isUnread(call)) return this.#unread();
    if (call.resource) return this.#next(call);
    const passed = passOf(this.#deps.reviews, call);
    return passed instanceof Promise ? passed.then((passing) => this.#passWith(passing)) : this.#passWith(passed);
  }

  async #passWith({ approval, refusal }: Passing): Promise<Reply> {
    if (approval === undefined) return this.#pass(undefined, refusal);
    try {
      return await this.#pass(approval, refusal);
    } catch (thrown) {
      await giveBack(approval);
      throw thrown;
    }
  }

  async #pass(approval: Approval | undefined, refusal: unknown): Promise<Reply> {
    // Also where the pass is refused, or the answer is there: the record has nothing that guards would take out.
    const isOver = refusal !== undefined || approval?.answer !== undefined;
    const outcome = await screenRequest(this.#deps.input, this.#call, this.#policies, { approval, isOver });
    this.#screening.adopt(outcome, approval && ((verdict) => approvedVerdict(verdict, approval)));
    if (refusal !== undefined) throw refusal;
    if (approval) this.#screening.reviewId = approval.id;
    this.#noteUnread(outcome.unread);
    if (outcome.kind === 'refused') return this.#refused(outcome);
    if (outcome.kind === 'review') return this.#parked(outcome);
    return approval?.answer ? this.#give(approval.answer, approval.id) : await this.#goOn(outcome);
  }

  #goOn(outcome: GoesOn): Promise<Reply> {
    const call = this.#call;
    const screening = this.#screening;
    requireStillWanted(call);
    const { vault, isChanged, grownBytes } = outcome;
    screening.changed = isChanged;
    // An answer with marks is for nobody whose request had them by chance.
    if (!vault.isEmpty) screening.version += '+marks';
    if (grownBytes > 0) call.grownBytes = (call.grownBytes ?? 0) + grownBytes;
    const plan = planOf(call, this.#policies, outcome);
    refuseBackground(call, plan);
    screening.rewrites = needsRewriting(call, plan);
    if (screening.rewrites) call.warnings.push(...lossesOf(call));
    return isUntouched(call, this.#policies, plan) ? this.#next(call) : this.#answered(outcome, plan);
  }

  async #answered(given: Given, plan: OutputPlan): Promise<Reply> {
    const reply = await this.#next(this.#call);
    return screenReply(this.#deps.output, this.#call, this.#policies, given, reply, plan);
  }

  /** What somebody approved is given as it was held. */
  #give(answer: Reply, approved: string): Reply {
    this.#screening.verdicts.push({
      guard: 'review',
      place: 'output',
      outcome: 'passed',
      micros: 0,
      detail: { approved },
    });
    return answer;
  }

  /** @throws guard_blocked, guard_failed */
  #refused({ why, policy, language, problems }: Refused): Reply {
    if (why === 'failed') throw new GatewayError('guard_failed');
    if (why === 'invalid') throw new GatewayError('guard_blocked', { message: problemText(problems) });
    return refuse(this.#call, policy, language);
  }

  async #parked({ policy, reasons }: NeedsReview): Promise<Reply> {
    const parked = await this.#deps.reviews.park(this.#call, { kind: 'request', reasons, policy });
    return parkedReply(this.#call, parked);
  }

  /** What the request has beside texts. @throws guard_blocked where a policy wants nothing unread */
  #noteUnread(unread: readonly UnreadKind[]): void {
    if (unread.length === 0) return;
    // A model made its reasoning itself, and only it can read it.
    const kinds = unread.filter((kind) => kind !== 'reasoning');
    if (kinds.length === 0) return;
    // Pictures have rules of their own: how many, and how large.
    const mayRefuse = kinds.some((kind) => kind !== 'image');
    this.#skip(
      { reason: 'guards cannot read all of it', unread: kinds },
      mayRefuse,
      `it has what they cannot read: ${kinds.join(', ')}`,
    );
  }

  /** Guards do not look at it, and the record says so. @throws guard_blocked where a policy wants that */
  async #unread(): Promise<Reply> {
    this.#skip({ reason: 'guards cannot read requests of this kind' }, true, 'they cannot read it');
    return this.#next(this.#call);
  }

  #skip(detail: JsonObject, mayRefuse: boolean, what: string): void {
    const isRefused = mayRefuse && this.#policies.some(({ settings }) => settings.unscreened === 'refuse');
    const outcome = isRefused ? 'blocked' : 'skipped';
    this.#screening.verdicts.push({ guard: 'all', place: 'input', outcome, micros: 0, detail });
    if (!isRefused) return;
    throw new GatewayError('guard_blocked', {
      message: `The policy is to refuse what guards cannot read, and of this request ${what}.`,
    });
  }
}

/** The answer is for nobody here, and goes on as it came. */
function isUntouched(call: Call, policies: Policies, plan: OutputPlan): boolean {
  if (!plan.isIdle || !hasScreenedAnswer(call)) return false;
  for (const { grounding } of policies) if (grounding !== undefined) return false;
  return true;
}

/** The verdict of a guard that would have somebody asked says who was. */
function approvedVerdict(verdict: Verdict, approval: Approval): Verdict {
  const { guard, place, outcome, detail } = verdict;
  if (outcome !== 'flagged' || !approval.covers(guard, place)) return verdict;
  return { ...verdict, detail: { ...detail, approved: approval.id } };
}

/** Files and batches are made of texts that nobody has looked at; reading and deleting them says nothing. */
function isUnread({ operation, resource }: Call): boolean {
  return resource ? resource.action === 'create' : operation === 'image-variation';
}
