import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useModels, useTargets } from './use-models.ts';

/** Closes a breaker, so that its target is asked again at once. */
export function ResetTarget({ target, onClose }: { readonly target: string; readonly onClose: () => void }) {
  const { t } = useTranslation('models');
  const { data: models } = useModels();
  const { data: states } = useTargets();
  const users = (models?.data ?? []).filter(({ targets }) => targets.some((one) => one.target === target));
  const openings = Math.max(
    0,
    ...(states?.data ?? []).filter((one) => one.target === target).map(({ breaker }) => breaker.openings),
  );
  const reset = async (): Promise<void> => {
    await client.POST('/admin/v1/targets/reset', { body: { target } });
    await askAgain('/admin/v1/targets');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('resetTitle', { target })}
      affects={
        <>
          <p>{t('resetAffects', { openings })}</p>
          {users.length === 0 ? null : (
            <p className="mt-2">{t('resetModels', { names: users.map(({ name }) => name).join(', ') })}</p>
          )}
        </>
      }
      verb={t('reset')}
      run={reset}
      done={t('resetDone', { target })}
    />
  );
}
