import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { AdminsOnly } from './admins-only.tsx';
import { NewOperator } from './new-operator.tsx';
import { OperatorKeys } from './operator-keys.tsx';
import { RolesPanel } from './roles-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { useSettingsPages } from './settings-pages.ts';
import { SingleSignOnPanel } from './single-sign-on-panel.tsx';

/** Who runs the gateway: keys, who is signed in, single sign-on. */
export function Page() {
  const { t } = useTranslation('operators');
  const isAdmin = useMay('admin');
  const [isNew, setNew] = useState(false);
  const pages = useSettingsPages();
  const create = (
    <Button kind="primary" disabled={!isAdmin} onClick={() => setNew(true)}>
      <Plus aria-hidden />
      {t('newOperator')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('settings', { ns: 'shell' })} hint={t('hint')} pages={pages} actions={create} />
      {isAdmin ? (
        <div className="space-y-4">
          <OperatorKeys create={() => setNew(true)} />
          <SessionsPanel />
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <RolesPanel />
            <SingleSignOnPanel />
          </div>
        </div>
      ) : (
        <AdminsOnly />
      )}
      {isNew ? <NewOperator onClose={() => setNew(false)} /> : null}
    </>
  );
}
