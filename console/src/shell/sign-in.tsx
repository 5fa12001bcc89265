import { Eye, EyeOff } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { messageOf } from '../api/api-error.ts';
import { api } from '../api/client.ts';
import { signIn } from '../api/session.ts';
import { type Language, speak } from '../i18n/i18n.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Segments } from '../ui/segments.tsx';
import { Logo } from './logo.tsx';

export function SignIn() {
  const { t, i18n } = useTranslation('signIn');
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-6 px-4 py-10">
      <div className="w-full max-w-sm rounded-xl border border-line bg-panel p-6">
        <Logo className="size-9" />
        <h1 className="mt-4 text-xl font-semibold tracking-tight">{t('title')}</h1>
        <p className="mt-1 text-[13px] text-muted">{t('lead')}</p>
        <KeyForm />
        <SingleSignOn />
      </div>
      <Segments
        label="Language · 语言"
        value={i18n.language as Language}
        choices={[
          ['en', 'English'],
          ['zh', '中文'],
        ]}
        onChange={(language) => void speak(language)}
      />
    </main>
  );
}

function KeyForm() {
  const { t } = useTranslation('signIn');
  const [key, setKey] = useState('');
  const [shown, setShown] = useState(false);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await signIn(key.trim());
    } catch (thrown) {
      setError(messageOf(thrown));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="mt-5 space-y-3">
      <Field label={t('key')} hint={t('keyHint')} error={error}>
        <div className="flex gap-1">
          <Input
            type={shown ? 'text' : 'password'}
            name="key"
            value={key}
            onChange={({ target }) => setKey(target.value)}
            autoComplete="current-password"
            required
            className="font-mono"
          />
          <Button kind="quiet" size="icon" aria-label={shown ? t('hide') : t('show')} onClick={() => setShown(!shown)}>
            {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          </Button>
        </div>
      </Field>
      <Button type="submit" kind="primary" size="large" busy={busy} disabled={key.trim() === ''} className="w-full">
        {t('submit')}
      </Button>
    </form>
  );
}

/** Where the gateway knows a provider of identities. */
function SingleSignOn() {
  const { t } = useTranslation('signIn');
  const { data } = api.useQuery('get', '/admin/v1/session/ways');
  if (!data?.sso) return null;
  const to = encodeURIComponent(location.pathname + location.search);
  return (
    <>
      <p className="my-3 text-center text-xs text-muted">{t('or')}</p>
      <Button asChild size="large" className="w-full">
        <a href={`${data.sso.start_url}?to=${to}`}>{t('sso', { name: data.sso.name })}</a>
      </Button>
    </>
  );
}
