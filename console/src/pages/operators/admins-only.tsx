import { useTranslation } from 'react-i18next';

import { Empty } from '../../ui/states.tsx';
import { Panel } from '../../ui/panel.tsx';

/** In place of what only admins may see. */
export function AdminsOnly() {
  const { t } = useTranslation('operators');
  return (
    <Panel>
      <Empty title={t('needsRole', { ns: 'common', role: t('roleAdmin') })}>{t('adminsOnly')}</Empty>
    </Panel>
  );
}
