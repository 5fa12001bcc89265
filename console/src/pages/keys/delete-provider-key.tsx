import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Note } from '../../ui/states.tsx';
import type { ProviderKey } from './provider-keys.tsx';
import { type KeyInUse, lastOf, seenAs } from './provider-use.ts';

interface DeleteProviderKeyProps {
  readonly stored: ProviderKey;
  readonly all: readonly ProviderKey[];
  readonly inUse: readonly KeyInUse[];
  readonly onClose: () => void;
}

export function DeleteProviderKey({ stored, all, inUse, onClose }: DeleteProviderKeyProps) {
  const { t } = useTranslation(['keys', 'common']);
  const { id, provider, hint } = stored;
  const remove = async (): Promise<void> => {
    await client.DELETE('/admin/v1/provider-keys/{id}', { params: { path: { id } } });
    await askAgain('/admin/v1/provider-keys', '/admin/v1/targets');
  };
  const targets = seenAs(inUse, stored)?.targets ?? [];
  const hints = new Set([...inUse, ...all].filter((one) => one.provider === provider).map((one) => lastOf(one.hint)));
  hints.delete(lastOf(hint));
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('deleteProviderKey', { hint, provider })}
      affects={
        <div className="space-y-2">
          <p>
            {t('deleteProviderKeyAffects')}{' '}
            {targets.length === 0
              ? null
              : t('deleteProviderKeyTargets', { count: targets.length, targets: targets.join(', ') })}
          </p>
          <Note tone={hints.size === 0 ? 'warn' : 'neutral'}>
            {hints.size === 0 ? t('lastKeyOfProvider', { provider }) : t('otherKeys', { count: hints.size, provider })}
          </Note>
        </div>
      }
      verb={t('common:delete')}
      run={remove}
      done={t('providerKeyDeleted', { hint })}
    />
  );
}
