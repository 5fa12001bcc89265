import { type ErrorCode, toGatewayError } from '../../core/errors.ts';

/** Why a request that was chosen was not mirrored. */
export const LEFT_OUT = {
  cached: 'it was answered from a cache',
  credentials: "it went with the client's own credential",
  confined: 'it may go to no target of the candidate',
  screened: 'guards changed what it says, or its answer',
  unrepeatable: 'it would do something, or names what only its provider keeps',
  large: 'it, or its answer, is too large, or too much is held already',
  concurrency: 'as many as may be are under way',
  overload: 'the process sheds load, or was busy with the requests of users when it was due',
  busy: "the candidate's queue is full",
  budget: 'what is left of the budget does not cover it',
  'cost-unknown': 'nothing bounds what it would cost',
  counters: 'the counters of budgets cannot be reached',
  gone: 'the model, or the candidate, is not what it was',
  shutdown: 'the process ended',
  failure: 'something went wrong here, which the log tells',
} as const;

export type LeftOut = keyof typeof LEFT_OUT;

const BY_CODE: Readonly<Partial<Record<ErrorCode, LeftOut>>> = {
  budget_exhausted: 'budget',
  cost_unbounded: 'cost-unknown',
  counters_unavailable: 'counters',
  shutting_down: 'shutdown',
  queue_full: 'busy',
  internal: 'failure',
};

/** Why it was not sent, where an error says that; undefined where it is the candidate's failure. */
export function leftOutBy(thrown: unknown): LeftOut | undefined {
  return BY_CODE[toGatewayError(thrown).code];
}
