import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';
import { useMay } from '../../api/session.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Ago, Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { LiftBlock } from './lift-block.tsx';
import { NewBlock } from './new-block.tsx';

export type Block = paths['/admin/v1/blocks']['get']['responses']['200']['content']['application/json']['data'][number];

const SNIPPET = `vigilance:
  guessedKeys: { count: 20, within: 10m, block: { for: 1h } }`;

function useColumns(onLift: (block: Block) => void, mayEdit: boolean): readonly Column<Block>[] {
  const { t } = useTranslation(['keys', 'common']);
  return useMemo(
    () => [
      {
        id: 'kind',
        header: t('blockKind'),
        cell: ({ kind }) => <Badge>{t(`per_${kind as 'key'}`)}</Badge>,
        sortBy: ({ kind }) => kind,
        width: '8rem',
      },
      {
        id: 'subject',
        header: t('blockSubject'),
        cell: ({ subject, project }) => (
          <span title={subject}>
            {project === null ? null : <span className="text-muted">{project} / </span>}
            <span className="font-medium">{subject}</span>
          </span>
        ),
        sortBy: ({ subject }) => subject,
        width: 'minmax(10rem, 1.5fr)',
      },
      {
        id: 'reason',
        header: t('reason'),
        cell: ({ reason }) =>
          reason === null ? <span className="text-muted">–</span> : <span title={reason}>{reason}</span>,
        width: 'minmax(10rem, 2fr)',
      },
      {
        id: 'origin',
        header: t('madeBy'),
        cell: ({ origin }) => (origin === 'auto' ? t('by_auto') : t('by_admin')),
        sortBy: ({ origin }) => origin,
      },
      {
        id: 'created',
        header: t('common:created'),
        cell: ({ created_at: at }) => <Ago at={at} />,
        sortBy: ({ created_at: at }) => at,
        width: '8rem',
      },
      {
        id: 'until',
        header: t('until'),
        cell: ({ expires_at: at }) =>
          at === null ? <span className="text-muted">{t('untilLifted')}</span> : <Time at={at} />,
        sortBy: ({ expires_at: at }) => at,
        width: '9rem',
      },
      {
        id: 'actions',
        header: <span className="sr-only">{t('common:actions')}</span>,
        cell: (block) => (
          <Button
            size="small"
            disabled={!mayEdit}
            aria-label={t('liftNamed', { subject: block.subject })}
            onClick={() => onLift(block)}
          >
            {t('lift')}
          </Button>
        ),
        align: 'right',
        width: '5rem',
      },
    ],
    [t, onLift, mayEdit],
  );
}

export function Blocks() {
  const { t } = useTranslation(['keys', 'common']);
  const mayEdit = useMay('editor');
  const query = api.useQuery('get', '/admin/v1/blocks', { params: { query: { limit: '500' } } });
  const [isMaking, setMaking] = useState(false);
  const [lifting, setLifting] = useState<Block>();
  const columns = useColumns(setLifting, mayEdit);
  const add = (
    <Button
      size="small"
      disabled={!mayEdit}
      title={mayEdit ? undefined : t('common:needsRole', { role: 'editor' })}
      onClick={() => setMaking(true)}
    >
      <Plus aria-hidden />
      {t('newBlock')}
    </Button>
  );
  const empty = (
    <Empty title={t('noBlocks')}>
      <p>{t('noBlocksHint')}</p>
      <Code text={SNIPPET} wrap className="mt-3 text-left" />
    </Empty>
  );
  return (
    <Panel title={t('blocks')} hint={t('blocksHint')} actions={add} flush>
      <QueryView query={query}>
        {({ data }) => (
          <DataTable
            label={t('blocks')}
            columns={columns}
            rows={data}
            rowKey={({ id }) => id}
            {...(data.length > 15 && { height: '24rem' })}
            empty={empty}
          />
        )}
      </QueryView>
      {isMaking ? <NewBlock onClose={() => setMaking(false)} /> : null}
      {lifting === undefined ? null : <LiftBlock block={lifting} onClose={() => setLifting(undefined)} />}
    </Panel>
  );
}
