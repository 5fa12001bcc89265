/** What the sums of usage have: every request of the time is counted. Names are those of the filters of traces. */
export const SUMMED = {
  model: 'model',
  virtual_model: 'virtual_model',
  target: 'target',
  project: 'project',
  organisation: 'organisation',
  key: 'key_id',
  user: 'user_id',
  endpoint: 'endpoint',
  status: 'status',
} as const;

/** What only traces have: counted in the newest of them. */
export const RECENT = {
  response_model: 'response_model',
  prompt_version: 'prompt_version',
  arm: 'arm',
  operation: 'operation',
  dialect: 'dialect',
  finish_reason: 'finish_reason',
  cache: 'cache',
} as const;

/** The same, in the newest of those that did not complete: in others there are none. */
export const FAILING = { error_code: 'error_code', error_origin: 'error_origin' } as const;

export type SummedField = keyof typeof SUMMED;
export type RecentField = keyof typeof RECENT;
export type FailingField = keyof typeof FAILING;
export type FacetField = SummedField | RecentField | FailingField;

export const FACET_FIELDS = Object.keys({ ...SUMMED, ...RECENT, ...FAILING }) as FacetField[];

/** How many traces are looked at. */
export const RECENT_TRACES = 2000;
export const RECENT_FAILURES = 1000;
export const MOST_VALUES = 50;

export function isSummed(field: FacetField): field is SummedField {
  return field in SUMMED;
}

export function isRecent(field: FacetField): field is RecentField {
  return field in RECENT;
}

export function isFailing(field: FacetField): field is FailingField {
  return field in FAILING;
}
