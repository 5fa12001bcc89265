import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Segments } from '../../ui/segments.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { Empty } from '../../ui/states.tsx';
import { useSettingsPages } from '../operators/settings-pages.ts';
import { ConfigFile } from './config-file.tsx';
import { InForce } from './in-force.tsx';
import type { Place } from './yaml-editor.tsx';

/** The configuration: the file, and what is in force. */
export function Page() {
  const { t } = useTranslation('settings');
  const isAdmin = useMay('admin');
  const [{ view }, change] = useSearchState();
  const shown = view === 'effective' ? 'effective' : 'file';
  const choice = (
    <Segments
      label={t('view')}
      value={shown}
      choices={[
        ['file', t('viewFile')],
        ['effective', t('viewEffective')],
      ]}
      onChange={(name) => change({ view: name === 'file' ? undefined : name })}
    />
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        pages={useSettingsPages()}
        actions={isAdmin ? choice : undefined}
      />
      {isAdmin ? <Configuration view={shown} /> : <NotForYou />}
    </>
  );
}

function NotForYou() {
  const { t } = useTranslation('settings');
  return (
    <Panel>
      <Empty title={t('needsRole', { ns: 'common', role: 'admin' })}>{t('adminsOnly')}</Empty>
    </Panel>
  );
}

function Configuration({ view }: { readonly view: 'file' | 'effective' }) {
  const config = api.useQuery('get', '/admin/v1/config');
  const [{ line }, change] = useSearchState();
  // `?line=12` of the address, as others may lead here.
  const [place, goTo] = useState(() => (line === undefined ? undefined : { line: Number(line) || 1, column: 1 }));
  const openAt = useCallback(
    (at: Place): void => {
      goTo(at);
      change({ view: undefined });
    },
    [change],
  );
  return (
    <QueryView query={config} skeleton={<PageSkeleton />}>
      {(found) => (
        <>
          {/* What was written stays while one looks up what is in force. */}
          <div hidden={view !== 'file'}>
            <ConfigFile config={found} place={view === 'file' ? place : undefined} goTo={goTo} />
          </div>
          {view === 'effective' ? <InForce config={found} openAt={openAt} /> : null}
        </>
      )}
    </QueryView>
  );
}
