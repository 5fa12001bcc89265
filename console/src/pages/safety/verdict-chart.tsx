import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { ChartSeries } from '../../charts/chart-options.ts';
import { Legend } from '../../charts/legend.tsx';
import { TimeChart } from '../../charts/time-chart.tsx';
import { compact, count } from '../../format/numbers.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Empty } from '../../ui/states.tsx';
import { FINDS, type Find, type VerdictTotals, findsBy } from './verdict-sums.ts';
import type { VerdictsAnswer } from './wire.ts';

const COLOURS: Readonly<Record<Find, string>> = {
  blocked: 'series-7',
  review: 'series-2',
  failed: 'series-3',
  redacted: 'series-1',
  repaired: 'series-6',
  flagged: 'series-8',
};
const MOST_GUARDS = 7;

interface VerdictChartProps {
  readonly answer: VerdictsAnswer;
  readonly totals: VerdictTotals;
}

/** What was found over time; a stretch that is drawn over becomes the page's range. */
export function VerdictChart({ answer, totals }: VerdictChartProps) {
  const { t } = useTranslation(['safety', 'requests']);
  const [search, change] = useSearchState();
  const split = search['split'] === 'guard' ? 'guard' : 'verdict';
  const times = useMemo(() => answer.started_at.map((at) => Date.parse(at) / 1000), [answer]);
  const series = useMemo((): ChartSeries[] => {
    if (split === 'guard') {
      return findsBy(answer.data, 'guard', MOST_GUARDS).map(({ name, counts }) => ({
        name: name ?? t('others'),
        values: counts,
      }));
    }
    return FINDS.filter((find) => totals.finds[find].total > 0).map((find) => ({
      name: t(`requests:outcome.${find}`),
      values: totals.finds[find].counts,
      colour: COLOURS[find],
    }));
  }, [answer, totals, split, t]);
  const choose = (
    <Segments<'verdict' | 'guard'>
      label={t('splitBy')}
      value={split}
      choices={[
        ['verdict', t('byVerdict')],
        ['guard', t('byGuard')],
      ]}
      onChange={(next) => change({ split: next === 'verdict' ? undefined : next })}
    />
  );
  return (
    <Panel title={t('overTime')} hint={t('overTimeHint')} actions={choose}>
      {series.length === 0 ? (
        <NothingFound looks={totals.looks.total} />
      ) : (
        <>
          <TimeChart
            label={t('overTime')}
            times={times}
            series={series}
            format={compact}
            whole
            kind="bars"
            onZoom={(from, to) =>
              change({ range: undefined, since: new Date(from).toISOString(), until: new Date(to).toISOString() })
            }
            className="mb-2"
          />
          <Legend series={series} />
        </>
      )}
    </Panel>
  );
}

function NothingFound({ looks }: { readonly looks: number }) {
  const { t } = useTranslation('safety');
  const toTry = (
    <Button asChild>
      <Link to="/safety/try">{t('tryTab')}</Link>
    </Button>
  );
  if (looks === 0) {
    return (
      <Empty title={t('noLooks')} action={toTry}>
        {t('noLooksHint')}
      </Empty>
    );
  }
  return (
    <Empty title={t('nothingFound')}>{t('nothingFoundHint', { count: looks, replace: { count: count(looks) } })}</Empty>
  );
}
