import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import type { Organisation } from './organisations.tsx';

export function DeleteOrganisation({ of, onClose }: { readonly of: Organisation; readonly onClose: () => void }) {
  const { t } = useTranslation(['keys', 'common']);
  const { name, projects } = of;
  const remove = async (): Promise<void> => {
    await client.DELETE('/admin/v1/organisations/{name}', { params: { path: { name } } });
    await askAgain('/admin/v1/organisations');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('deleteOrganisationTitle', { name })}
      affects={t('deleteOrganisationAffects', { count: projects.length })}
      verb={t('common:delete')}
      run={remove}
      done={t('organisationDeleted', { name })}
    />
  );
}
