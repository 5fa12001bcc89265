import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/api-error.ts';
import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Note } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { DiffPanel } from '../requests/diff-view.tsx';
import { ChangeRows } from './change-list.tsx';
import type { DraftState } from './draft.ts';
import type { Change, Config } from './wire.ts';

interface SaveDialogProps {
  readonly config: Config;
  readonly draft: DraftState;
  readonly changes: readonly Change[];
  readonly onClose: () => void;
  /** The file is another one by now. */
  readonly onConflict: () => void;
}

/** What changes, once more, before it is in force. */
export function SaveDialog({ config, draft, changes, onClose, onConflict }: SaveDialogProps) {
  const { t } = useTranslation('settings');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const later = changes.filter(({ restart }) => restart).length;
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const { data } = await client.PUT('/admin/v1/config', { body: { text: draft.text, version: draft.version } });
      await askAgain('/admin/v1/config');
      draft.drop();
      void askAgain('/admin/v1');
      toast.good(t('saved', { now: data?.in_force.length ?? 0, later: data?.restart_pending.length ?? 0 }));
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
      if (thrown instanceof ApiError && thrown.status === 409) onConflict();
    }
  };
  const buttons = (
    <>
      <Button onClick={onClose}>{t('cancel', { ns: 'common' })}</Button>
      <Button kind="primary" busy={busy} disabled={draft.isBehind} onClick={() => void save()}>
        {t('saveNow')}
      </Button>
    </>
  );
  return (
    <Dialog open wide onClose={onClose} title={t('saveTitle')} hint={config.path} actions={buttons}>
      <ChangeRows changes={changes} />
      {later === 0 ? null : <Note tone="warn">{t('laterNote', { count: later })}</Note>}
      <DiffPanel title={t('textDiff')} left={config.text} right={draft.text} same={t('sameText')} />
      {error === undefined ? null : <Failure error={error} />}
    </Dialog>
  );
}
