import type { CallRecord } from './journal/record.ts';

/**
 * False for counts of tokens and for requests for files, batches and stored responses: quick and without a model, they
 * would flatter whatever is said of how well models are served.
 */
export function isOfModels({ operation }: Pick<CallRecord, 'operation'>): boolean {
  return operation !== 'token-count' && operation !== 'resource';
}

/** It failed, and not by what a client did wrong or may not do. */
export function isServiceFault({ error }: Pick<CallRecord, 'error'>): boolean {
  return error?.origin === 'provider' || error?.origin === 'gateway';
}

/** How long it took says how well it was served: a target was asked, or it was answered without one. */
export function wasServed({ status, attempts }: Pick<CallRecord, 'status' | 'attempts'>): boolean {
  return attempts.length > 0 || status === 'completed';
}
