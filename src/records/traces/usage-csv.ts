import { type CsvColumns, count, dollars, headerOf, linesOf } from './group-csv.ts';
import type { UsageGroup } from './usage-question.ts';
import type { UsageRow, UsageSums } from './usage-store.ts';

const COLUMNS: CsvColumns<UsageSums> = [
  ['requests', ({ requests }) => String(requests)],
  ['input_tokens', ({ inputTokens }) => count(inputTokens)],
  ['output_tokens', ({ outputTokens }) => count(outputTokens)],
  ['cached_tokens', ({ cacheReadInputTokens }) => count(cacheReadInputTokens)],
  ['cache_write_tokens', ({ cacheCreationInputTokens }) => count(cacheCreationInputTokens)],
  ['reasoning_tokens', ({ reasoningOutputTokens }) => count(reasoningOutputTokens)],
  ['cost_usd', ({ costNanoUsd }) => dollars(costNanoUsd)],
  ['cost_assumed_usd', ({ costAssumedNanoUsd }) => dollars(costAssumedNanoUsd)],
  ['cost_unknown_requests', ({ costUnknownRequests }) => String(costUnknownRequests)],
];

/** The first line. */
export function csvHeader(by: readonly UsageGroup[]): string {
  return headerOf(by, COLUMNS);
}

export function csvLines(rows: readonly UsageRow[]): string {
  return linesOf(rows, COLUMNS);
}
