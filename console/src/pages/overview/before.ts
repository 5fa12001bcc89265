import type { OverviewAnswer } from './ask-overview.ts';

const DAY_MS = 86_400_000;
/** The gateway begins with a whole quarter of an hour. */
const QUARTER_MS = 15 * 60_000;

interface Before {
  /** How much earlier the time is that all is compared with. */
  readonly days: number;
  /** Of a part of it nothing can be said. */
  readonly isKept: boolean;
}

type Times = Pick<OverviewAnswer, 'since' | 'kept_since'> & {
  readonly before: Pick<OverviewAnswer['before'], 'since'>;
};

export function beforeOf({ since, kept_since: kept, before }: Times): Before {
  const days = Math.round((Date.parse(since) - Date.parse(before.since)) / DAY_MS);
  return { days, isKept: Date.parse(before.since) >= Date.parse(kept) };
}

/** From when on there are figures, where that is later than what was asked for. */
export function keptFrom({ since }: Pick<OverviewAnswer, 'since'>, asked: string): string | undefined {
  return Date.parse(since) - Date.parse(asked) > QUARTER_MS ? since : undefined;
}
