import { SAVING_MECHANISMS } from '../../core/caching.ts';
import { type Query, invalid, readPeriod, readText, refuseUnknown } from '../listing/query.ts';
import { TIME_GROUPS } from '../traces/usage-periods.ts';
import { readFormat, readGroups, readTimeZone } from '../traces/usage-query.ts';
import { SAVINGS_DIMENSIONS, type SavingsGroup, type SavingsQuestion } from './savings-question.ts';

const GROUPS: readonly SavingsGroup[] = [...SAVINGS_DIMENSIONS, ...TIME_GROUPS];
const PARAMETERS = ['by', ...SAVINGS_DIMENSIONS, 'since', 'until', 'timeZone', 'format'];
const USUAL_GROUPS: readonly SavingsGroup[] = ['mechanism'];

export interface SavingsRequest {
  readonly question: Required<SavingsQuestion>;
  /** Undefined where the client's `Accept` decides. */
  readonly format: ReturnType<typeof readFormat>;
}

/** @throws request_invalid with the parameter at fault and what would be right */
export function readSavingsRequest(query: Query): SavingsRequest {
  refuseUnknown(query, PARAMETERS);
  const timeZone = readTimeZone(query);
  const filter = Object.fromEntries(SAVINGS_DIMENSIONS.map((dimension) => [dimension, readText(query, dimension)]));
  const mechanism = filter['mechanism'];
  if (mechanism !== undefined && !SAVING_MECHANISMS.some((known) => known === mechanism)) {
    throw invalid('mechanism', `must be one of ${SAVING_MECHANISMS.join(', ')}`);
  }
  const by = readGroups(query, GROUPS);
  return {
    question: { by: by.length > 0 ? by : USUAL_GROUPS, filter, period: readPeriod(query, timeZone), timeZone },
    format: readFormat(query),
  };
}
