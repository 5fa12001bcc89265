import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { CreateKey } from './create-key.tsx';
import { type ApiKey, KeyList } from './key-list.tsx';
import { KeyFilters } from './key-filters.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { useKeyTabs } from './tabs.ts';

/** The keys that applications call with. `?new=1` opens the form, so that other pages can lead to it. */
export function Page() {
  const { t } = useTranslation(['keys', 'common']);
  const [{ project, show, q = '', new: isNew }, change] = useSearchState();
  const [revoking, setRevoking] = useState<ApiKey>();
  const mayEdit = useMay('editor');
  const create = (
    <Button
      kind="primary"
      disabled={!mayEdit}
      title={mayEdit ? undefined : t('common:needsRole', { role: 'editor' })}
      onClick={() => change({ new: '1' })}
    >
      <Plus aria-hidden />
      {t('newKey')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} hint={t('keysHint')} pages={useKeyTabs()} actions={create} />
      <Panel title={t('apiKeys')} actions={<KeyFilters />} flush>
        <KeyList
          project={project}
          words={q}
          liveOnly={show !== 'all'}
          onRevoke={mayEdit ? setRevoking : undefined}
          onCreate={() => change({ new: '1' })}
        />
      </Panel>
      {isNew !== undefined && mayEdit ? (
        <CreateKey project={project} onClose={() => change({ new: undefined })} />
      ) : null}
      {revoking === undefined ? null : <RevokeKey apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  );
}
