import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Sparkline } from '../../charts/sparkline.tsx';
import { change, compact, duration, money, share } from '../../format/numbers.ts';
import { useLive } from '../../live/live.ts';
import { Stat } from '../../ui/stat.tsx';
import type { OverviewAnswer } from './ask-overview.ts';
import { beforeOf } from './before.ts';
import { errorRatesOf, hitRatesOf } from './series.ts';

const BAD_RATE = 0.05;
const WARN_RATE = 0.01;

function toneOf(rate: number | null): 'plain' | 'warn' | 'bad' {
  if (rate === null || rate < WARN_RATE) return 'plain';
  return rate < BAD_RATE ? 'warn' : 'bad';
}

/** How much a figure is other than it was in the time before, in words. */
function useAgainst(overview: OverviewAnswer): (now: number | null, then: number | null) => ReactNode {
  const { t } = useTranslation('overview');
  const { days, isKept } = beforeOf(overview);
  const words = (now: number | null, then: number | null): string => {
    if (!isKept) return t('notKept');
    if (now === null || then === null || then === 0) return t(days === 1 ? 'noneBefore' : 'noneBeforeDays', { days });
    return t(days === 1 ? 'before' : 'beforeDays', { change: change(now, then), days });
  };
  // Where there is little room it takes two lines.
  return (now, then) => <span className="whitespace-normal">{words(now, then)}</span>;
}

/** The figures that matter, each with how it went and how it was in the time before. */
export function Tiles({ overview }: { readonly overview: OverviewAnswer }) {
  const { t } = useTranslation('overview');
  const { totals, before, series } = overview;
  const against = useAgainst(overview);
  const refusals = totals.refusal_rate ?? 0;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
      <Stat
        label={t('requests')}
        value={compact(totals.requests)}
        note={against(totals.requests, before.requests)}
        chart={<Sparkline values={series.requests} label={t('requests')} />}
      />
      <Stat
        label={t('errorRate')}
        value={share(totals.error_rate, 2)}
        tone={toneOf(totals.error_rate)}
        note={refusals > 0 ? t('refused', { share: share(refusals) }) : against(totals.error_rate, before.error_rate)}
        chart={<Sparkline values={errorRatesOf(series)} label={t('errorRate')} />}
      />
      <Stat
        label={t('latencyP95')}
        value={duration(totals.latency_ms.p95)}
        note={against(totals.latency_ms.p95, before.latency_ms.p95)}
        chart={<Sparkline values={series.latency_ms.p95} label={t('latencyP95')} />}
      />
      <Stat
        label={t('ttftP95')}
        value={duration(totals.ttft_ms.p95)}
        note={against(totals.ttft_ms.p95, before.ttft_ms.p95)}
        chart={<Sparkline values={series.ttft_ms.p95} label={t('ttftP95')} />}
      />
      <Stat
        label={t('cost')}
        value={money(totals.cost_usd)}
        note={
          totals.cost_unknown_requests > 0
            ? t('unknownCost', { count: totals.cost_unknown_requests })
            : against(totals.cost_usd, before.cost_usd)
        }
        chart={<Sparkline values={series.cost_usd} label={t('cost')} />}
      />
      <Stat
        label={t('saved')}
        value={money(totals.saved_usd)}
        note={against(totals.saved_usd, before.saved_usd)}
        chart={<Sparkline values={series.saved_usd} label={t('saved')} />}
      />
      <Stat
        label={t('hitRate')}
        value={share(totals.hit_rate)}
        note={against(totals.hit_rate, before.hit_rate)}
        chart={<Sparkline values={hitRatesOf(series)} label={t('hitRate')} />}
      />
      <InFlight />
    </div>
  );
}

function InFlight() {
  const { t } = useTranslation('overview');
  const { pulse } = useLive();
  return (
    <Stat
      label={t('inFlight')}
      value={compact(pulse?.in_flight ?? null)}
      note={
        pulse === undefined
          ? t('ofThisReplica')
          : `${t('perSecond', { count: Number(pulse.requests_per_second.toFixed(1)) })} · ${t('ofThisReplica')}`
      }
    />
  );
}
