import { requireStillWanted } from '../../core/abort-error.ts';
import type { Call } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { Reply } from '../../core/reply.ts';
import type { Handler, Stage } from '../../core/stage.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import { Admission } from './admit/admission.ts';
import { addRateHeaders } from './admit/rate-headers.ts';
import type { UsualUse } from './bounds/usual-use.ts';
import type { QuotaLedger } from './ledger/ledger.ts';
import type { LimitRule } from './rules/limit-rules.ts';
import type { MatchedBudget, RuleBook } from './rules/rule-book.ts';

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
    run(call, next) {
      const rules = deps.rules();
      return rules.isEmpty ? next(call) : admitted(deps, rules, call, next);
    },
  };
}

async function admitted(deps: QuotaDeps, rules: RuleBook, call: Call, next: Handler): Promise<Reply> {
  const plan = rules.planOf(call);
  if (plan.purposes.length === 0) return next(call);
  const entering = new Admission(deps, call, plan).enter();
  // Without a wait nothing stands between a request and its sending.
  const entered =
    entering instanceof Promise ? await call.spans.around('quota', 'admission', deps.clock, entering) : entering;
  const { spending } = entered;
  call.spending = spending;
  let reply: Reply;
  try {
    requireStillWanted(call);
    reply = await next(call);
  } catch (thrown) {
    spending.end();
    throw thrown;
  }
  addRateHeaders(reply.headers, call.dialect, entered);
  if (reply.kind === 'stream') reply.stream.observe({ terminal: () => spending.end() });
  else spending.end();
  return reply;
}
