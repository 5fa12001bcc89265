import { requireStillWanted } from '../../core/abort-error.ts';
import type { Clock } from '../../core/clock.ts';
import type { Reply } from '../../core/reply.ts';
import type { Stage } from '../../core/stage.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import { Admission } from './admit/admission.ts';
import type { UsualUse } from './bounds/usual-use.ts';
import type { QuotaLedger } from './ledger/ledger.ts';
import type { LimitRule } from './rules/limit-rules.ts';
import type { MatchedBudget, RuleBook } from './rules/rule-book.ts';
import { subjectsOf } from './rules/subjects.ts';

export interface QuotaDeps {
  /** Those in force. */
  rules(): RuleBook;
  catalog(): ModelCatalog;
  readonly ledger: QuotaLedger;
  readonly usual: UsualUse;
  readonly clock: Clock;
  readonly watch: QuotaWatch;
}

/** Who looks on. */
export interface QuotaWatch {
  refusedByLimit(rule: LimitRule): void;
  refusedByBudget(budget: MatchedBudget, nowMs: number): void;
  /** How much of a budget is spent; 1 = all. */
  spent(budget: MatchedBudget, share: number, nowMs: number): void;
  degraded(budget: MatchedBudget): void;
  capped(): void;
}

/** Of budgets and limits that nobody is told of. */
export const UNWATCHED: QuotaWatch = {
  refusedByLimit: () => {},
  refusedByBudget: () => {},
  spent: () => {},
  degraded: () => {},
  capped: () => {},
};

/** What the caller may use: all of its limits and budgets admit the call together, or it goes no further. */
export function quotaStage(deps: QuotaDeps): Stage {
  return {
    name: 'quotas',
    async run(call, next) {
      const rules = deps.rules();
      if (rules.isEmpty) return next(call);
      const subjects = subjectsOf(call);
      const limits = rules.limitsOf(subjects);
      const budgets = rules.budgetsOf(subjects);
      if (limits.length === 0 && budgets.length === 0) return next(call);
      const entering = new Admission(deps, call, limits, budgets).enter();
      // Without a wait nothing stands between a request and its sending.
      const { spending, headers } =
        entering instanceof Promise ? await call.spans.around('quota', 'admission', deps.clock, entering) : entering;
      call.spending = spending;
      let reply: Reply;
      try {
        requireStillWanted(call);
        reply = await next(call);
      } catch (thrown) {
        spending.end();
        throw thrown;
      }
      Object.assign(reply.headers, headers);
      if (reply.kind === 'stream') reply.stream.observe({ terminal: () => spending.end() });
      else spending.end();
      return reply;
    },
  };
}
