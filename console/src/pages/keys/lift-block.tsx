import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { relative } from '../../format/times.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import type { Block } from './blocks.tsx';

export function LiftBlock({ block, onClose }: { readonly block: Block; readonly onClose: () => void }) {
  const { t } = useTranslation('keys');
  const { id, subject, reason, created_at: at } = block;
  const lift = async (): Promise<void> => {
    await client.DELETE('/admin/v1/blocks/{id}', { params: { path: { id } } });
    await askAgain('/admin/v1/blocks');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('liftTitle', { subject })}
      affects={t('liftAffects', { when: relative(at), reason: reason ?? t('noReason') })}
      verb={t('lift')}
      run={lift}
      done={t('lifted', { subject })}
    />
  );
}
