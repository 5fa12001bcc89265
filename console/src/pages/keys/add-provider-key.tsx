import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Failure, Note } from '../../ui/states.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { toast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

const START = `export CAUSEWAY_MASTER_KEY="$(openssl rand -base64 32)"
causeway start`;

/** How the gateway says that it cannot seal. */
const NO_MASTER_KEY = /CAUSEWAY_MASTER_KEY/;

function useProviderNames(): readonly string[] {
  const { data } = api.useQuery('get', '/admin/v1/providers');
  return data?.data.filter(({ simulated }) => !simulated).map(({ name }) => name) ?? [];
}

export function AddProviderKey({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['keys', 'common']);
  const [provider, setProvider] = useState('');
  const [key, setKey] = useState('');
  const { busy, submit, errorAt, errorBeside } = useSubmit();
  const names = useProviderNames();
  const store = async (): Promise<void> => {
    const body = { provider: provider.trim(), key: key.trim() };
    const isStored = await submit(async () => {
      await client.POST('/admin/v1/provider-keys', { body });
      await askAgain('/admin/v1/provider-keys', '/admin/v1/targets');
    });
    if (!isStored) return;
    toast.good(t('stored', { provider: body.provider, hint: `…${body.key.slice(-4)}` }));
    onClose();
  };
  const isReady = provider.trim() !== '' && key.trim() !== '';
  const buttons = (
    <>
      <Button onClick={onClose}>{t('common:cancel')}</Button>
      <Button kind="primary" type="submit" form="provider-key" busy={busy} disabled={!isReady}>
        {t('addProviderKey')}
      </Button>
    </>
  );
  const other = errorBeside('provider', 'key');
  return (
    <Dialog open onClose={onClose} title={t('addProviderKey')} hint={t('storedKeysHint')} actions={buttons}>
      <form
        id="provider-key"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void store();
        }}
      >
        <Field label={t('provider')} hint={t('providerHint')} error={errorAt('provider')}>
          <SuggestInput
            required
            suggestions={names}
            value={provider}
            onChange={({ target }) => setProvider(target.value)}
          />
        </Field>
        <Field label={t('secretKey')} hint={t('secretKeyHint')} error={errorAt('key')}>
          <Input
            type="password"
            required
            autoComplete="off"
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
        </Field>
        {other === undefined ? null : <Refusal message={other} />}
      </form>
    </Dialog>
  );
}

function Refusal({ message }: { readonly message: string }) {
  const { t } = useTranslation(['keys', 'common']);
  if (!NO_MASTER_KEY.test(message)) return <Failure error={message} />;
  return (
    <div role="alert" className="space-y-2">
      <Note tone="warn">{t('needsMasterKey')}</Note>
      <Code text={START} />
    </div>
  );
}
