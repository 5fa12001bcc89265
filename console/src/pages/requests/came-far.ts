interface Told {
  readonly error: unknown;
  readonly attempts: readonly unknown[];
}

/**
 * Whether a request was refused before any target was asked. What is then not on its record, such as a cache or a
 * choice of targets, says nothing of what is configured: it never came so far.
 */
function wasTurnedAway({ error, attempts }: Told): boolean {
  return error !== null && attempts.length === 0;
}

/** What to say where no cache is on the record. */
export function noCacheWord(trace: Told): 'none' | 'notReached' {
  return wasTurnedAway(trace) ? 'notReached' : 'none';
}

/** What to say where no choice is on the record. */
export function noRoutingWord(trace: Told): 'routingNone' | 'routingNotReached' {
  return wasTurnedAway(trace) ? 'routingNotReached' : 'routingNone';
}
