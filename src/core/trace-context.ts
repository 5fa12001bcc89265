/** Where a call stands in the trace of its client. @see https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  /** 32 hex digits, lower case. */
  readonly traceId: string;
  /** 16 hex digits: the client's span. */
  readonly parentId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** Undefined where it is not a `traceparent` that the specification lets anybody go on with. */
export function readTraceparent(value: string | undefined): TraceContext | undefined {
  const match = value === undefined ? null : TRACEPARENT.exec(value.trim());
  if (!match) return undefined;
  const [, version = '', traceId = '', parentId = '', flags = ''] = match;
  // Version 00 has nothing after the flags; ff is forbidden.
  if (version === 'ff' || (version === '00' && value?.trim().length !== 55)) return undefined;
  if (traceId === NO_TRACE || parentId === NO_SPAN) return undefined;
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function writeTraceparent({ traceId, parentId, sampled }: TraceContext): string {
  return `00-${traceId}-${parentId}-${sampled ? '01' : '00'}`;
}

/**
 * Ids of a call's own spans: made of its id, so that nothing has to be kept for them. 0 is the request's, attempts
 * follow from 1 on. Its random half tells calls apart; the number is added to the end.
 */
export function spanIdOf(callId: string, number: number): string {
  const low = Number.parseInt(callId.slice(24), 16);
  return callId.slice(16, 24) + ((low + number) >>> 0).toString(16).padStart(8, '0');
}
