import { type Call, type Target, targetName } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import { mayGoTo } from '../../../core/reach.ts';
import type { ComplexityPolicy, RoutePlan, Tier } from '../../../core/routing.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { type AskDeps, askText } from '../../../models/own-calls/ask-text.ts';
import type { VectorDesk } from '../../../models/vectors/embed/messages.ts';
import { type Complexity, tierOf } from '../complexity/complexity.ts';
import { EmbeddingJudge } from '../complexity/embedding/embedding-judge.ts';
import type { Example } from '../complexity/embedding/example.ts';
import type { RequestCosts } from '../complexity/model/break-even.ts';
import { type AskModel, ModelJudge } from '../complexity/model/model-judge.ts';
import { type ComplexityQuestion, questionOf } from '../complexity/question.ts';
import { RulesJudge } from '../complexity/rules/rules-judge.ts';

export interface JudgesDeps {
  readonly desk: VectorDesk;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly asking: AskDeps;
  /** What the request would cost at the target for simple requests and at the one for complex ones. */
  costsOf(call: Call, plan: RoutePlan): RequestCosts | undefined;
}

/** The judges of one policy; another one has its own, and what it learned of costs begins anew. */
interface OfPolicy {
  readonly rules: RulesJudge;
  readonly model: ModelJudge;
}

const USUAL: ComplexityPolicy = { kind: 'rules', model: undefined, timeoutMs: 2000, faq: [], thresholds: {} };

/** Who says how demanding a request is, for all virtual models. Where the one named cannot say, the rules do. */
export class Judges {
  readonly #deps: JudgesDeps;
  readonly #ofPolicies = new WeakMap<ComplexityPolicy, OfPolicy>();
  /** By virtual model: as many as the configuration has that learn. */
  readonly #byExamples = new Map<string, EmbeddingJudge>();

  constructor(deps: JudgesDeps) {
    this.#deps = deps;
  }

  /** @throws request_invalid where the body cannot be read */
  judge(call: Call, plan: RoutePlan): Complexity | Promise<Complexity> {
    const policy = plan.complexity ?? USUAL;
    const judges = this.#judgesOf(policy, plan);
    const question = questionOf(call);
    const ruled = judges.rules.judge(question);
    // What is on the list of simple questions is simple, whoever judges.
    if (policy.kind === 'rules' || judges.rules.lists(question)) return ruled;
    const judged =
      policy.kind === 'embedding'
        ? this.#byExample(call, policy, question)
        : this.#byModel(call, policy, plan, judges.model, question);
    return judged instanceof Promise ? judged.then((said) => said ?? ruled) : (judged ?? ruled);
  }

  /** The same without asking a model. @throws request_invalid where the body cannot be read */
  unasked(call: Call, plan: RoutePlan): Complexity | Promise<Complexity> {
    const { complexity: policy = USUAL } = plan;
    return policy.kind === 'model'
      ? this.#judgesOf(policy, plan).rules.judge(questionOf(call))
      : this.judge(call, plan);
  }

  /** Brings examples of a virtual model into force, beside the requests. */
  learn(model: string, examples: readonly Example[]): Promise<void> {
    let judge = this.#byExamples.get(model);
    if (!judge) {
      judge = new EmbeddingJudge(this.#deps, { partition: `routing ${model}` });
      this.#byExamples.set(model, judge);
    }
    return judge.learn(examples);
  }

  /** How many examples of a virtual model are in force. */
  sizeOf(model: string): number {
    return this.#byExamples.get(model)?.size ?? 0;
  }

  /** Examples were deleted: those that are left are learned anew. */
  forget(model: string): void {
    this.#byExamples.get(model)?.clear();
    this.#byExamples.delete(model);
  }

  /** The thread of vectors has lost all that it held. */
  restore(): void {
    for (const judge of this.#byExamples.values()) judge.restore();
  }

  async #byExample(
    { assignment }: Call,
    { thresholds }: ComplexityPolicy,
    question: ComplexityQuestion,
  ): Promise<Complexity | undefined> {
    const said = await this.#byExamples.get(assignment?.virtualModel ?? '')?.judge(question);
    // Several policies may go by the same examples.
    return said && { ...said, tier: tierOf(said.score, thresholds) };
  }

  #byModel(
    call: Call,
    { model, timeoutMs }: ComplexityPolicy,
    plan: RoutePlan,
    judge: ModelJudge,
    question: ComplexityQuestion,
  ): Complexity | undefined | Promise<Complexity | undefined> {
    if (!model || !mayGoTo(call, model)) return undefined;
    const ask = this.#askOf(call, model, timeoutMs);
    const asked = { model: targetName(model), ask, costs: this.#deps.costsOf(call, plan) };
    return judge.of(asked).judge(question);
  }

  #askOf(call: Call, target: Target, allowedMs: number): AskModel {
    return async (system, user) => {
      const question = { endpoint: 'causeway/routing', caller: call, target, system, user, allowedMs } as const;
      const answer = await askText(this.#deps.asking, question);
      return answer?.text === undefined ? undefined : { text: answer.text, costNanoUsd: answer.nanoUsd };
    };
  }

  #judgesOf(policy: ComplexityPolicy, { candidates }: RoutePlan): OfPolicy {
    const known = this.#ofPolicies.get(policy);
    if (known) return known;
    const { faq, thresholds, timeoutMs } = policy;
    const { clock, scheduler } = this.#deps;
    const small = new Set<Tier>(candidates.find(({ tiers }) => tiers.includes('simple'))?.tiers ?? ['simple']);
    const made = {
      rules: new RulesJudge({ faq, thresholds }),
      model: new ModelJudge({ clock, scheduler, timeoutMs, thresholds, small }),
    };
    this.#ofPolicies.set(policy, made);
    return made;
  }
}
