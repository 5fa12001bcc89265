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
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { DeleteOrganisation } from './delete-organisation.tsx';
import { EditOrganisation } from './edit-organisation.tsx';

export type Organisation =
  paths['/admin/v1/organisations']['get']['responses']['200']['content']['application/json']['data'][number];

const SNIPPET = `organisations:
  acme: { projects: [support, search] }`;

type Change =
  | { readonly verb: 'edit'; readonly of: Organisation | undefined }
  | { readonly verb: 'delete'; readonly of: Organisation };

function useColumns(onChange: (change: Change) => void, mayRule: boolean): readonly Column<Organisation>[] {
  const { t } = useTranslation(['keys', 'common']);
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('organisation'),
        cell: ({ name }) => <span className="font-medium">{name}</span>,
        sortBy: ({ name }) => name,
      },
      {
        id: 'projects',
        header: t('projects'),
        cell: ({ projects }) => <span title={projects.join(', ')}>{projects.join(', ') || '–'}</span>,
        width: 'minmax(10rem, 3fr)',
      },
      {
        id: 'origin',
        header: t('common:origin'),
        cell: ({ origin }) => <Badge>{origin === 'file' ? t('ofFile') : t('ofAdmin')}</Badge>,
        width: '9rem',
      },
      {
        id: 'actions',
        header: <span className="sr-only">{t('common:actions')}</span>,
        cell: (of) => {
          const isFile = of.origin === 'file';
          const why = isFile ? t('ofFileHint') : mayRule ? undefined : t('common:needsRole', { role: 'admin' });
          return (
            <span className="inline-flex gap-2">
              <Button
                size="small"
                disabled={isFile || !mayRule}
                title={why}
                aria-label={`${t('common:edit')}: ${of.name}`}
                onClick={() => onChange({ verb: 'edit', of })}
              >
                {t('common:edit')}
              </Button>
              <Button
                size="small"
                kind="danger"
                disabled={isFile || !mayRule}
                title={why}
                aria-label={`${t('common:delete')}: ${of.name}`}
                onClick={() => onChange({ verb: 'delete', of })}
              >
                {t('common:delete')}
              </Button>
            </span>
          );
        },
        align: 'right',
        width: '9rem',
      },
    ],
    [t, onChange, mayRule],
  );
}

export function Organisations() {
  const { t } = useTranslation(['keys', 'common']);
  const mayRule = useMay('admin');
  const query = api.useQuery('get', '/admin/v1/organisations');
  const [change, setChange] = useState<Change>();
  const columns = useColumns(setChange, mayRule);
  const close = (): void => setChange(undefined);
  const add = (
    <Button
      size="small"
      disabled={!mayRule}
      title={mayRule ? undefined : t('common:needsRole', { role: 'admin' })}
      onClick={() => setChange({ verb: 'edit', of: undefined })}
    >
      <Plus aria-hidden />
      {t('newOrganisation')}
    </Button>
  );
  const empty = (
    <Empty title={t('noOrganisations')}>
      <p>{t('noOrganisationsHint')}</p>
      <Code text={SNIPPET} wrap className="mt-3 text-left" />
    </Empty>
  );
  return (
    <Panel title={t('organisations')} hint={t('organisationsHint')} actions={add} flush>
      <QueryView query={query}>
        {({ data }) => (
          <DataTable
            label={t('organisations')}
            columns={columns}
            rows={data}
            rowKey={({ name }) => name}
            empty={empty}
          />
        )}
      </QueryView>
      {change?.verb === 'edit' ? <EditOrganisation of={change.of} onClose={close} /> : null}
      {change?.verb === 'delete' ? <DeleteOrganisation of={change.of} onClose={close} /> : null}
    </Panel>
  );
}
