import { type Static, Type } from 'typebox';

import { nanoToUsd } from '../../core/money.ts';
import { type CsvColumns, count, dollars, headerOf, linesOf } from '../traces/group-csv.ts';
import type { UsageSums } from '../traces/usage-store.ts';
import { SavedTokensView } from '../traces/view-schema.ts';
import type { SavingsGroup } from './savings-question.ts';
import type { SavingsRow, SavingsSums } from './savings-store.ts';

const SUMS = {
  requests: Type.Integer({ description: 'On which something was saved; one for each mechanism that did' }),
  saved_usd: Type.Number({
    description: 'Dollars, net of what finding out cost, so it may be negative; what is not known is not in it',
  }),
  tokens: SavedTokensView,
  unknown_requests: Type.Integer({ description: 'On which something was saved that has no known price' }),
};

export const SavingsView = Type.Object(SUMS, {
  description: 'Preceded by what it is grouped by, e.g. `mechanism`',
  additionalProperties: true,
});

export const SavingsTotalsView = Type.Object({
  ...SUMS,
  spent_usd: Type.Number({ description: 'What the same time and filters cost, as /admin/v1/usage says' }),
  spent_unknown_requests: Type.Integer({ description: 'Whose cost is not known' }),
  saved_share: Type.Union([Type.Number(), Type.Null()], {
    description: 'saved / (spent + saved); null where that is nothing',
  }),
});

export const SavingsList = Type.Object({
  data: Type.Array(SavingsView),
  totals: SavingsTotalsView,
  next: Type.Null(),
});

type SavingsView = Static<typeof SavingsView>;
type SavingsTotalsView = Static<typeof SavingsTotalsView>;

/** One group: what it was grouped by under its own names, then the sums. */
export function savingsView(by: readonly SavingsGroup[], { group, sums }: SavingsRow): SavingsView {
  return { ...Object.fromEntries(by.map((name, at) => [name, group[at] ?? null])), ...sumsView(sums) };
}

/** All of them, and what was spent beside. */
export function totalsView(
  sums: SavingsSums,
  spent: Pick<UsageSums, 'costNanoUsd' | 'costUnknownRequests'>,
): SavingsTotalsView {
  const whole = spent.costNanoUsd + sums.savedNanoUsd;
  return {
    ...sumsView(sums),
    spent_usd: nanoToUsd(spent.costNanoUsd),
    spent_unknown_requests: spent.costUnknownRequests,
    saved_share: whole > 0 ? Number((sums.savedNanoUsd / whole).toFixed(6)) : null,
  };
}

function sumsView({ requests, savedNanoUsd, inputTokens, outputTokens, unknownRequests }: SavingsSums) {
  return {
    requests,
    saved_usd: nanoToUsd(savedNanoUsd),
    tokens: { input: inputTokens, output: outputTokens },
    unknown_requests: unknownRequests,
  };
}

const COLUMNS: CsvColumns<SavingsSums> = [
  ['requests', ({ requests }) => count(requests)],
  ['saved_usd', ({ savedNanoUsd }) => dollars(savedNanoUsd)],
  ['input_tokens', ({ inputTokens }) => count(inputTokens)],
  ['output_tokens', ({ outputTokens }) => count(outputTokens)],
  ['unknown_requests', ({ unknownRequests }) => count(unknownRequests)],
];

/** The same as CSV, without totals. */
export function savingsCsv(by: readonly SavingsGroup[]) {
  return { header: headerOf(by, COLUMNS), lines: (rows: readonly SavingsRow[]) => linesOf(rows, COLUMNS) };
}
