import { requireStillWanted } from '../../core/abort-error.ts';
import type { Call, Operation } from '../../core/call.ts';
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
import { expectedOf, needsRewriting } from './output/output-plan.ts';
import { screenReply } from './output/screen-reply.ts';
import { refuse } from './refusal.ts';
import { parkedReply } from './review/parked-reply.ts';
import type { Approval, ReviewDesk } from './review/review-desk.ts';
import type { UnreadKind } from './slots/slot.ts';
import { problemText } from './validation/problem-text.ts';

export interface ScreenDeps {
  readonly policies: PolicyBook;
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

/** Requests whose texts are in a sound, or in none. */
const UNREAD: ReadonlySet<Operation> = new Set(['transcription', 'audio-translation', 'image-variation']);

/** What a model made itself and its client cannot have changed, and texts as numbers. */
const OF_MODELS: ReadonlySet<UnreadKind> = new Set<UnreadKind>(['reasoning', 'tokens']);

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

  async run(): Promise<Reply> {
    const call = this.#call;
    if (isUnread(call)) return this.#unread();
    if (call.resource) return this.#next(call);
    const { reviews, input } = this.#deps;
    const approval = await reviews.pass(call);
    try {
      // Also where the answer is there already: what is taken out of requests is not on the record of this one either.
      const outcome = await screenRequest(input, call, this.#policies, { isApproved: approval !== undefined });
      this.#screening.verdicts.push(...outcome.verdicts.map((verdict) => approvedVerdict(verdict, approval)));
      this.#screening.concealWith = (text) => outcome.conceal(text);
      this.#noteUnread(outcome.unread);
      if (outcome.kind === 'refused') return this.#refused(outcome);
      if (outcome.kind === 'review') return await this.#parked(outcome);
      if (approval?.answer) return this.#give(approval.answer, approval.id);
      return await this.#goOn(outcome, approval);
    } catch (thrown) {
      await approval?.giveBack();
      throw thrown;
    }
  }

  async #goOn(outcome: GoesOn, approval: Approval | undefined): Promise<Reply> {
    const call = this.#call;
    const screening = this.#screening;
    requireStillWanted(call);
    const { vault, canary, sources, language, isChanged, grownBytes } = outcome;
    const given: Given = { vault, canary, sources, language };
    screening.changed = isChanged;
    // An answer with marks is for nobody whose request had them by chance.
    if (!vault.isEmpty) screening.version += '+marks';
    if (grownBytes > 0) call.grownBytes = (call.grownBytes ?? 0) + grownBytes;
    if (approval) screening.reviewId = approval.id;
    screening.rewrites = needsRewriting(call, this.#policies, expectedOf(given));
    if (screening.rewrites) call.warnings.push(...lossesOf(call));
    return screenReply(this.#deps.output, call, this.#policies, given, await this.#next(call));
  }

  /** What somebody approved is given as it was held. */
  #give(answer: Reply, id: string): Reply {
    this.#screening.reviewId = id;
    this.#screening.verdicts.push({
      guard: 'review',
      place: 'output',
      outcome: 'passed',
      micros: 0,
      detail: { approved: id },
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

  /** What the request has beside texts. @throws operation_unsupported where a policy wants nothing unread */
  #noteUnread(unread: readonly UnreadKind[]): void {
    const kinds = unread.filter((kind) => !OF_MODELS.has(kind));
    if (kinds.length > 0) this.#skip({ reason: 'guards cannot read all of it', unread: kinds });
  }

  /** Guards do not look at it, and the record says so. @throws operation_unsupported where a policy wants that */
  #unread(): Promise<Reply> {
    this.#skip({ reason: 'guards cannot read requests of this kind' });
    return this.#next(this.#call);
  }

  #skip(detail: JsonObject): void {
    this.#screening.verdicts.push({ guard: 'all', place: 'input', outcome: 'skipped', micros: 0, detail });
    if (this.#policies.every(({ settings }) => settings.unscreened === 'allow')) return;
    throw new GatewayError('operation_unsupported', {
      message: 'Guards cannot read all of this request, and the policy is to refuse what they cannot read.',
    });
  }
}

/** The verdict of a guard that would have somebody asked says who was. */
function approvedVerdict(verdict: Verdict, approval: Approval | undefined): Verdict {
  const { guard, place, outcome, detail } = verdict;
  if (outcome !== 'flagged' || !approval?.covers(guard, place)) return verdict;
  return { ...verdict, detail: { ...detail, approved: approval.id } };
}

/** Files and batches are made of texts that nobody has looked at; reading and deleting them says nothing. */
function isUnread({ operation, resource }: Call): boolean {
  return resource ? resource.action === 'create' : UNREAD.has(operation);
}
