import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { TimeChart } from '../../charts/time-chart.tsx';
import { share } from '../../format/numbers.ts';
import { useBeat } from '../../shell/beat.ts';
import { Badge } from '../../ui/badge.tsx';
import { Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shareSeries } from './share-series.ts';
import type { Canary } from './wire.ts';

const EVENTS = ['step', 'promoted', 'rolled_back', 'hold', 'paused', 'resumed', 'restarted'] as const;

/** The share over time, and why it changed. */
export function CanaryHistory({ canary }: { readonly canary: Canary }) {
  const { t } = useTranslation('rollouts');
  const now = useBeat();
  const drawn = useMemo(() => {
    const begun = canary.created_at ?? canary.step_since;
    const { times, shares } = shareSeries(canary, Date.parse(begun), now);
    return { times, series: [{ name: t('candidateShare'), values: shares }] };
  }, [canary, now, t]);
  return (
    <Panel title={t('history')} hint={t('candidateShare')}>
      <TimeChart
        label={t('candidateShare')}
        times={drawn.times}
        series={drawn.series}
        format={(value) => share(value, 0)}
        kind="area"
        height={130}
      />
      {canary.history.length === 0 ? (
        <p className="mt-2 text-[13px] text-muted">{t('noHistory')}</p>
      ) : (
        <ul className="mt-3 max-h-64 divide-y divide-line overflow-y-auto text-[13px]">
          {canary.history.toReversed().map((event) => (
            <Event key={`${event.at} ${event.kind}`} event={event} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Event({
  event: { at, kind, share_percent: percent, reason, by },
}: {
  readonly event: Canary['history'][number];
}) {
  const { t } = useTranslation('rollouts');
  const known = EVENTS.find((one) => one === kind);
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 gap-y-1 py-1.5">
      <span className="text-muted tabular-nums">
        <Time at={at} />
      </span>
      <Badge tone={kind === 'rolled_back' ? 'bad' : 'neutral'}>
        {known === undefined ? kind : t(`event_${known}`)}
      </Badge>
      <span className="tabular-nums">{share(percent / 100)}</span>
      <span className="min-w-0">{reason}</span>
      <span className="text-muted">{by === 'person' ? t('byPerson') : t('byItself')}</span>
    </li>
  );
}
