import type { OverviewSeries } from './ask-overview.ts';

/** Seconds since 1970, as charts want them. */
export function timesOf({ started_at: startedAt }: OverviewSeries): number[] {
  return startedAt.map((at) => Date.parse(at) / 1000);
}

/** What came to a good end: the rest of all requests. */
export function answeredOf({ requests, errors, aborted }: OverviewSeries): number[] {
  const faults = [errors.client, errors.policy, errors.provider, errors.gateway, aborted];
  return requests.map((all, at) => faults.reduce((left, values) => left - (values[at] ?? 0), all));
}

/** Hits of a cache, of all that was looked for in one; null where nothing was. */
export function hitRatesOf({ cache }: OverviewSeries): (number | null)[] {
  const { exact, semantic, coalesced, miss } = cache;
  return miss.map((missed, at) => {
    const hits = (exact[at] ?? 0) + (semantic[at] ?? 0) + (coalesced[at] ?? 0);
    return hits + missed === 0 ? null : hits / (hits + missed);
  });
}

/** Errors by the fault of a provider or the gateway, of all requests. */
export function errorRatesOf({ requests, errors }: OverviewSeries): (number | null)[] {
  return requests.map((all, at) => (all === 0 ? null : ((errors.provider[at] ?? 0) + (errors.gateway[at] ?? 0)) / all));
}
