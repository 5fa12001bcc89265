import type { paths } from '../../api/schema.gen.ts';
import { type Budget, type BudgetState, type Standing, stateAt } from './budget-state.ts';

export type BudgetBody = paths['/admin/v1/budgets/{id}']['put']['requestBody']['content']['application/json'];

export const DIMENSIONS = ['project', 'organisation', 'key', 'user', 'endpoint', 'model'] as const;
export const PERIODS = ['day', 'week', 'month', 'total'] as const;

/** A budget as it is typed: numbers are texts until they are sent. */
export interface BudgetDraft {
  readonly name: string;
  readonly per: Budget['per'];
  readonly id: string;
  readonly usd: string;
  readonly tokens: string;
  readonly period: Budget['period'];
  readonly timeZone: string;
  readonly hard: boolean;
  /** Percentages, separated by commas. */
  readonly alertAt: string;
  readonly degradeModel: string;
  /** A percentage. */
  readonly degradeAt: string;
  readonly atLimit: Budget['atLimit'];
  readonly paymentRequired: boolean;
  readonly maxOutputTokens: string;
  readonly settleAborted: '' | 'bound' | 'received';
}

export type DraftField = keyof BudgetDraft;

const percent = (share: number): string => String(Math.round(share * 10_000) / 100);
const written = (value: number | undefined): string => (value === undefined ? '' : String(value));

export function draftOf(budget: Budget | undefined, timeZone: string): BudgetDraft {
  return {
    name: budget?.name ?? '',
    per: budget?.per ?? 'project',
    id: budget?.id ?? '',
    usd: written(budget?.usd),
    tokens: written(budget?.tokens),
    period: budget?.period ?? 'month',
    timeZone: budget?.timeZone ?? timeZone,
    hard: budget?.hard ?? false,
    alertAt: (budget?.alertAt ?? [0.5, 0.8, 1]).map(percent).join(', '),
    degradeModel: budget?.degradeTo?.model ?? '',
    degradeAt: percent(budget?.degradeTo?.at ?? 0.9),
    atLimit: budget?.atLimit ?? 'refuse',
    paymentRequired: budget?.paymentRequired ?? false,
    maxOutputTokens: written(budget?.maxOutputTokens),
    settleAborted: budget?.settleAborted ?? '',
  };
}

function numberIn(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

function sharesIn(text: string): number[] {
  const parts = text.split(/[,，\s]+/).filter((part) => part !== '');
  return parts.map((part) => Number(part.replace(/%$/, '')) / 100);
}

export function bodyOf(draft: BudgetDraft): BudgetBody {
  const usd = numberIn(draft.usd);
  const tokens = numberIn(draft.tokens);
  const maxOutputTokens = numberIn(draft.maxOutputTokens);
  const model = draft.degradeModel.trim();
  return {
    per: draft.per,
    ...(draft.id.trim() !== '' && { id: draft.id.trim() }),
    ...(usd !== undefined && { usd }),
    ...(tokens !== undefined && { tokens }),
    period: draft.period,
    timeZone: draft.timeZone.trim() || 'UTC',
    hard: draft.hard,
    alertAt: sharesIn(draft.alertAt),
    ...(model !== '' && { degradeTo: { model, at: (numberIn(draft.degradeAt) ?? 90) / 100 } }),
    atLimit: draft.atLimit,
    paymentRequired: draft.paymentRequired,
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(draft.settleAborted !== '' && { settleAborted: draft.settleAborted }),
  };
}

const NAME = /^[A-Za-z0-9][\w.-]{0,99}$/;

/** Whether a name that was typed can be one; of none yet nothing is said. */
function isName(text: string): boolean {
  return text === '' || NAME.test(text);
}

/** Fields of which the text is no number, or no name, so that it need not even be sent. */
export function unreadable(draft: BudgetDraft): DraftField[] {
  const numbers = (['usd', 'tokens', 'maxOutputTokens', 'degradeAt'] as const).filter((field) =>
    Number.isNaN(numberIn(draft[field]) ?? 0),
  );
  return [
    ...(isName(draft.name.trim()) ? [] : (['name'] as const)),
    ...numbers,
    ...(sharesIn(draft.alertAt).some(Number.isNaN) ? (['alertAt'] as const) : []),
  ];
}

const FIELDS: Readonly<Record<string, DraftField>> = {
  'degradeTo.model': 'degradeModel',
  'degradeTo.at': 'degradeAt',
  degradeTo: 'degradeModel',
};

/** Which field a refusal is about: `alertAt[0]` → `alertAt`; undefined where it is about none of them. */
export function fieldAt(param: string | undefined, draft: BudgetDraft): DraftField | undefined {
  if (param === undefined) return undefined;
  const path = param.replace(/^\//, '').replaceAll('/', '.');
  const known = FIELDS[path];
  if (known !== undefined) return known;
  const name = path.replace(/[[.].*$/, '');
  return Object.hasOwn(draft, name) ? (name as DraftField) : undefined;
}

export interface Consequence {
  readonly standing: Standing;
  readonly limit: number;
  readonly share: number;
  readonly before: BudgetState;
  readonly after: BudgetState;
}

/** What an edit does to what is spent already: in each unit that stays limited, the share and the state that it gets. */
export function consequencesOf(budget: Budget, body: BudgetBody, now: readonly Standing[]): Consequence[] {
  return now.flatMap((standing) => {
    const limit = body[standing.unit];
    if (limit === undefined || !(limit > 0)) return [];
    const share = (standing.used + standing.reserved) / limit;
    return [{ standing, limit, share, before: stateAt(budget, standing.share), after: stateAt(body, share) }];
  });
}

/** Whether what is spent no longer counts: of others, or of another time, there is another counter. */
export function countsAnew(budget: Budget, body: BudgetBody): boolean {
  return budget.per !== body.per || budget.id !== body.id || budget.period !== body.period;
}
