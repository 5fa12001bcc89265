import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

/** Whoever goes to another page with something unsaved is asked first. */
export function LeaveGuard({ isDirty }: { readonly isDirty: boolean }) {
  const { t } = useTranslation('settings');
  const blocker = useBlocker({
    // The tabs of this page are the same page.
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  const { proceed, reset } = blocker;
  return (
    <ConfirmDialog
      open
      onClose={reset}
      title={t('leaveTitle')}
      affects={t('leaveAffects')}
      verb={t('leaveVerb')}
      run={async () => proceed()}
    />
  );
}
