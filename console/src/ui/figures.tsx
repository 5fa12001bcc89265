import { useTranslation } from 'react-i18next';

import { money } from '../format/numbers.ts';
import { clockTime, dayAndTime, fullTime, relative } from '../format/times.ts';
import { BEAT_MS, useBeat } from '../shell/beat.ts';

/** A moment; its title says it in full, with the time zone. */
export function Time({ at }: { readonly at: string | null | undefined }) {
  if (at === null || at === undefined) return <>–</>;
  return (
    <time dateTime={at} title={fullTime(at)}>
      {clockTime(at)}
    </time>
  );
}

/** A moment with its day, for what is read alone and not in a list of others. */
export function DayTime({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={fullTime(at)}>
      {dayAndTime(at)}
    </time>
  );
}

/** `3 min ago`, kept true. What happened since the last beat is no time to come. */
export function Ago({ at }: { readonly at: string | null | undefined }) {
  const now = useBeat();
  if (at === null || at === undefined) return <>–</>;
  const aheadMs = Date.parse(at) - now;
  const isJustNow = aheadMs > 0 && aheadMs < BEAT_MS;
  return (
    <time dateTime={at} title={fullTime(at)}>
      {relative(at, isJustNow ? Date.parse(at) : now)}
    </time>
  );
}

/** What something cost: an unknown price is said, and is not 0. */
export function Cost({ usd, known = true }: { readonly usd: number | null | undefined; readonly known?: boolean }) {
  const { t } = useTranslation();
  if (!known && (usd === null || usd === undefined || usd === 0)) {
    return <span className="text-muted">{t('unknown')}</span>;
  }
  return <>{known ? money(usd) : `≥ ${money(usd)}`}</>;
}
