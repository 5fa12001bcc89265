import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { messageOf } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field, Input } from './field.tsx';
import { Failure } from './states.tsx';
import { toast } from './toast.tsx';

interface ConfirmProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** What this affects, in figures where there are any: who stops working, what is lost. */
  readonly affects: ReactNode;
  /** The word on the button, e.g. "Revoke". */
  readonly verb: string;
  /** Resolves when it is done; what it throws is shown. */
  readonly run: () => Promise<unknown>;
  /** Has to be typed first, for what cannot be undone. */
  readonly name?: string;
  readonly done?: string;
}

/** Asks before something is destroyed. */
export function ConfirmDialog({ open, onClose, title, affects, verb, run, name, done }: ConfirmProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const close = (): void => {
    setTyped('');
    setError(undefined);
    onClose();
  };
  const confirm = async (): Promise<void> => {
    setBusy(true);
    try {
      await run();
      if (done !== undefined) toast.good(done);
      close();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const buttons = (
    <>
      <Button onClick={close}>{t('cancel')}</Button>
      <Button kind="danger" busy={busy} disabled={name !== undefined && typed !== name} onClick={() => void confirm()}>
        {verb}
      </Button>
    </>
  );
  return (
    <Dialog open={open} onClose={close} title={title} actions={buttons}>
      <div className="text-[13px]">{affects}</div>
      {name === undefined ? null : (
        <Field label={t('typeToConfirm', { name })}>
          <Input value={typed} onChange={({ target }) => setTyped(target.value)} />
        </Field>
      )}
      {error === undefined ? null : <Failure error={messageOf(error)} />}
    </Dialog>
  );
}
