export const HIT_KINDS = ['exact', 'coalesced', 'semantic'] as const;
export type HitKind = (typeof HIT_KINDS)[number];

type Counts<Value> = Readonly<Record<HitKind | 'miss' | 'bypass', Value>>;

/** Of what was looked for in a cache; null where nothing was. What passes caches by was not looked for. */
export function rateOf(counts: Counts<number>, kind?: HitKind): number | null {
  const { exact, coalesced, semantic, miss } = counts;
  const looked = exact + coalesced + semantic + miss;
  if (looked === 0) return null;
  return (kind === undefined ? exact + coalesced + semantic : counts[kind]) / looked;
}

export function hitsOf({ exact, coalesced, semantic }: Counts<number>): number {
  return exact + coalesced + semantic;
}

/** The same at each point of time. */
export function ratesOver(series: Counts<readonly number[]>, kind: HitKind): (number | null)[] {
  return series.miss.map((miss, place) =>
    rateOf(
      {
        exact: at(series.exact, place),
        coalesced: at(series.coalesced, place),
        semantic: at(series.semantic, place),
        miss,
        bypass: 0,
      },
      kind,
    ),
  );
}

function at(list: readonly number[], place: number): number {
  return list[place] ?? 0;
}

interface Tokens {
  readonly input: number | null;
  readonly cached: number | null;
}

/** What providers read from their own caches of the input that they reported; null where nothing was. */
export function promptShare({ input, cached }: Tokens): number | null {
  return input === null || input === 0 ? null : (cached ?? 0) / input;
}
