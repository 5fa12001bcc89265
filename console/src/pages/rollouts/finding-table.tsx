import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { signed, useMetricWord } from './guard-table.tsx';
import { RangePlot } from './range-plot.tsx';
import type { Experiment } from './wire.ts';

type Finding = Experiment['findings'][number];

const RELATIONS = ['better', 'worse', 'same', 'open', 'unknown'] as const;
const TONES: Readonly<Record<(typeof RELATIONS)[number], Tone>> = {
  better: 'good',
  worse: 'bad',
  same: 'neutral',
  open: 'neutral',
  unknown: 'neutral',
};

function relationOf({ relation }: Finding) {
  return RELATIONS.find((one) => one === relation) ?? 'unknown';
}

/** By what each arm differs from the control. */
export function FindingTable({ experiment: { findings } }: { readonly experiment: Experiment }) {
  const { t } = useTranslation('rollouts');
  const columns = useFindingColumns();
  return (
    <Panel title={t('findings')} hint={t('findingsHint')} flush>
      <DataTable
        label={t('findings')}
        columns={columns}
        rows={findings}
        rowKey={({ arm, metric }) => `${arm} ${metric}`}
      />
    </Panel>
  );
}

function useFindingColumns(): readonly Column<Finding>[] {
  const { t } = useTranslation('rollouts');
  const wordOf = useMetricWord();
  return useMemo<readonly Column<Finding>[]>(
    () => [
      { id: 'arm', header: t('arm'), cell: ({ arm }) => arm ?? '–', width: 'minmax(7rem, 1fr)' },
      { id: 'metric', header: t('metric'), cell: ({ metric }) => wordOf(metric ?? ''), width: 'minmax(6rem, 1fr)' },
      {
        id: 'relation',
        header: t('relation'),
        cell: (finding) => <Badge tone={TONES[relationOf(finding)]}>{t(`relation_${relationOf(finding)}`)}</Badge>,
        width: '8rem',
      },
      {
        id: 'estimate',
        header: t('difference'),
        cell: ({ estimate }) => signed(estimate),
        align: 'right',
        width: '6rem',
      },
      {
        id: 'interval',
        header: t('interval'),
        cell: ({ interval }) => {
          const [low, high] = interval ?? [];
          return low === undefined ? '–' : t('between', { low: signed(low), high: signed(high) });
        },
        width: 'minmax(10rem, 1fr)',
      },
      {
        id: 'range',
        header: t('range'),
        cell: (finding) => <FindingPlot finding={finding} word={wordOf(finding.metric ?? '')} />,
        width: 'minmax(9rem, 1.6fr)',
      },
    ],
    [t, wordOf],
  );
}

function FindingPlot({ finding, word }: { readonly finding: Finding; readonly word: string }) {
  const { t } = useTranslation('rollouts');
  const [low, high] = finding.interval ?? [];
  if (finding.estimate === null) return <span className="text-muted">{t('noValues')}</span>;
  const relation = relationOf(finding);
  return (
    <RangePlot
      label={`${finding.arm ?? ''} ${word}: ${signed(finding.estimate)}`}
      low={low}
      high={high}
      value={finding.estimate}
      limit={undefined}
      tone={relation === 'better' ? 'good' : relation === 'worse' ? 'bad' : 'neutral'}
    />
  );
}
