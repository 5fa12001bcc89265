import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';
import { bytes, count, share } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Code } from '../../ui/code.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Bar } from '../../ui/progress.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { boundShare, heldBack, semanticState } from './verdict.ts';

type Learned =
  paths['/admin/v1/cache']['get']['responses']['200']['content']['application/json']['semantic']['learned'][number];

const SNIPPET = `models:
  chat:
    target: openai/gpt-5-mini
    cache:
      semantic: { maxErrorRate: 0.02 }`;
const TONES = { serving: 'good', learning: 'neutral', relearning: 'warn' } as const;

function State({ of }: { readonly of: Learned }) {
  const { t } = useTranslation('cache');
  const state = semanticState(of);
  return <Badge tone={TONES[state]}>{t(`state_${state}`)}</Badge>;
}

/** The bound of the labels, against what the owner allows. */
function ErrorBound({ of }: { readonly of: Learned }) {
  const { t } = useTranslation('cache');
  const { error_bound: bound, max_error_rate: most, confidence } = of;
  const words = t('boundOf', { bound: share(bound, 2), most: share(most, 2), confidence: share(confidence, 1) });
  if (bound === null) return <span className="text-muted">{t('noBoundYet', { most: share(most, 2) })}</span>;
  return (
    <span className="flex items-center gap-2" title={words}>
      <Bar share={boundShare(of)} label={words} className="w-20 shrink-0" />
      <span className="tabular-nums">
        ≤ {share(bound, 2)} <span className="text-muted">/ {share(most, 2)}</span>
      </span>
    </span>
  );
}

function useColumns(): readonly Column<Learned>[] {
  const { t } = useTranslation(['cache', 'common']);
  return useMemo(
    () => [
      {
        id: 'project',
        header: t('common:project'),
        cell: ({ project }) => project,
        sortBy: ({ project }) => project,
        width: 'minmax(5.5rem, 1fr)',
      },
      {
        id: 'model',
        header: t('common:model'),
        cell: ({ model, space }) => <span title={space}>{model}</span>,
        sortBy: ({ model }) => model,
        width: 'minmax(5.5rem, 1fr)',
      },
      {
        id: 'state',
        header: t('common:status'),
        cell: (of) => <State of={of} />,
        sortBy: semanticState,
        width: '6.5rem',
      },
      {
        id: 'bound',
        header: t('errorBound'),
        cell: (of) => <ErrorBound of={of} />,
        sortBy: ({ error_bound: bound }) => bound,
        width: 'minmax(11rem, 1.4fr)',
      },
      {
        id: 'labels',
        header: t('labels'),
        cell: ({ labels, wrong_labels: wrong }) => `${count(labels)} / ${count(wrong)}`,
        sortBy: ({ labels }) => labels,
        align: 'right',
        width: '6.5rem',
      },
      {
        id: 'from',
        header: t('servesFrom'),
        cell: ({ serves_from: from }) => (from === null ? '–' : from.toFixed(2)),
        sortBy: ({ serves_from: from }) => from,
        align: 'right',
        width: '6rem',
      },
      {
        id: 'served',
        header: t('served'),
        cell: ({ served }) => count(served),
        sortBy: ({ served }) => served,
        align: 'right',
        width: '4.5rem',
      },
      {
        id: 'held',
        header: t('heldBack'),
        cell: (of) => count(heldBack(of)),
        sortBy: heldBack,
        align: 'right',
        width: '5.5rem',
      },
      {
        id: 'alarms',
        header: t('alarms'),
        cell: ({ alarms }) => count(alarms),
        sortBy: ({ alarms }) => alarms,
        align: 'right',
        width: '4.5rem',
      },
    ],
    [t],
  );
}

/** What the semantic cache of this process has learned, and what it may give for that. */
export function Semantic() {
  const { t } = useTranslation('cache');
  const query = api.useQuery('get', '/admin/v1/cache');
  const columns = useColumns();
  const empty = (
    <Empty title={t('noSemantic')}>
      <p>{t('noSemanticHint')}</p>
      <Code text={SNIPPET} wrap className="mt-3 text-left" />
    </Empty>
  );
  const held = query.data?.semantic;
  return (
    <Panel
      title={t('semantic')}
      hint={t('semanticHint')}
      actions={
        held !== undefined && held.entries > 0 ? (
          <span className="text-xs text-muted tabular-nums">
            {t('semanticHeld', { entries: count(held.entries), bytes: bytes(held.bytes) })}
          </span>
        ) : undefined
      }
      flush
    >
      <QueryView query={query}>
        {({ semantic: { learned } }) => (
          <DataTable
            label={t('semantic')}
            columns={columns}
            rows={learned}
            rowKey={(one) => `${learned.indexOf(one)}`}
            {...(learned.length > 12 && { height: '26rem' })}
            empty={empty}
          />
        )}
      </QueryView>
    </Panel>
  );
}
