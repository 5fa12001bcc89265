interface Learned {
  readonly labels: number;
  readonly serves_from: number | null;
  readonly max_error_rate: number;
  readonly error_bound: number | null;
  readonly decisions: number;
  readonly served: number;
  readonly alarms: number;
}

/** Where a semantic cache stands: nothing is given yet, or it is, within its bound. */
export type SemanticState = 'learning' | 'relearning' | 'serving';

export function semanticState({ serves_from: from, alarms }: Pick<Learned, 'serves_from' | 'alarms'>): SemanticState {
  if (from !== null) return 'serving';
  return alarms > 0 ? 'relearning' : 'learning';
}

/** Requests with a neighbour whose answer was not given: the model was asked instead. */
export function heldBack({ decisions, served }: Pick<Learned, 'decisions' | 'served'>): number {
  return Math.max(0, decisions - served);
}

/** How much of what is allowed the labels leave open; 1 while nothing is given. */
export function boundShare({
  error_bound: bound,
  max_error_rate: most,
}: Pick<Learned, 'error_bound' | 'max_error_rate'>): number {
  return bound === null || most <= 0 ? 1 : Math.min(1, bound / most);
}
