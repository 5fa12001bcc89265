import type { CallRecord } from './journal/record.ts';

/** Model of a request that was refused before it was clear which model would answer. */
const NO_MODEL = 'unknown';

/** Under which model a request counts. A name that a client made up is no model until something serves it. */
export function modelOf({
  virtualModel,
  target,
  requestModel,
}: Pick<CallRecord, 'virtualModel' | 'target' | 'requestModel'>): string {
  return virtualModel ?? (target === undefined ? undefined : requestModel) ?? NO_MODEL;
}
