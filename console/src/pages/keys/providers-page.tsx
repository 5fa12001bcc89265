import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Note } from '../../ui/states.tsx';
import { AddProviderKey } from './add-provider-key.tsx';
import { KeysInUse } from './keys-in-use.tsx';
import { ProviderKeys } from './provider-keys.tsx';
import { useKeyTabs } from './tabs.ts';

/** The keys that the gateway itself calls with. */
export function Page() {
  const { t } = useTranslation(['keys', 'common']);
  const [isAdding, setAdding] = useState(false);
  const mayRule = useMay('admin');
  const add = (
    <Button
      kind="primary"
      disabled={!mayRule}
      title={mayRule ? undefined : t('common:needsRole', { role: 'admin' })}
      onClick={() => setAdding(true)}
    >
      <Plus aria-hidden />
      {t('addProviderKey')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} hint={t('providersHint')} pages={useKeyTabs()} actions={add} />
      <div className="grid gap-4">
        {mayRule ? <ProviderKeys onAdd={() => setAdding(true)} /> : <Note>{t('needsAdmin')}</Note>}
        <KeysInUse />
      </div>
      {isAdding ? <AddProviderKey onClose={() => setAdding(false)} /> : null}
    </>
  );
}
