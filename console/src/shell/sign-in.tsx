import { Eye, EyeOff } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, messageOf } from '../api/api-error.ts';
import { api } from '../api/client.ts';
import { signIn } from '../api/session.ts';
import { type Language, speak } from '../i18n/i18n.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Segments } from '../ui/segments.tsx';
import { Note } from '../ui/states.tsx';
import { Logo } from './logo.tsx';
import { usePageTitle } from './page-title.ts';

interface SignInProps {
  /** Somebody was signed in here a moment ago, and did not sign out. */
  readonly hasEnded: boolean;
}

export function SignIn({ hasEnded }: SignInProps) {
  const { t, i18n } = useTranslation('signIn');
  usePageTitle(t('submit'));
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-6 px-4 py-10">
      <div className="w-full max-w-sm rounded-xl border border-line bg-panel p-6">
        <Logo className="size-9" />
        <h1 className="mt-4 text-xl font-semibold tracking-tight">{t('title')}</h1>
        <p className="mt-1 text-[13px] text-muted">{t('lead')}</p>
        {hasEnded ? (
          <Note tone="warn" className="mt-4">
            <p role="status">{t('ended')}</p>
          </Note>
        ) : null}
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

/** Keys of clients begin so; those of operators with cwo-, the admin key with what it was given. */
const CLIENT_KEY = /^cw-[\w-]{43}$/;

const REFUSALS = { auth_invalid_key: 'wrongKey', limit_requests: 'tooMany' } as const;

/** In the language of whoever signs in, with the gateway's own words behind it, which say more. */
function useRefusal(thrown: unknown): string | undefined {
  const { t } = useTranslation('signIn');
  if (thrown === undefined) return undefined;
  const code = thrown instanceof ApiError ? thrown.code : undefined;
  const word = Object.entries(REFUSALS).find(([known]) => known === code)?.[1];
  if (word !== undefined) return `${t(word)} (${messageOf(thrown)})`;
  return thrown instanceof ApiError ? thrown.message : t('noAnswer', { message: messageOf(thrown) });
}

function KeyForm() {
  const { t } = useTranslation('signIn');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const [key, setKey] = useState('');
  const [shown, setShown] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await signIn(key.trim());
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  const refusal = useRefusal(error);
  const isClients = CLIENT_KEY.test(key.trim());
  return (
    <form ref={form} onSubmit={(event) => void submit(event)} className="mt-5 space-y-3">
      <Field label={t('key')} hint={t('keyHint')} error={key.trim().startsWith('cw-') ? t('clientKey') : refusal}>
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
      <Button
        type="submit"
        kind="primary"
        size="large"
        busy={busy}
        disabled={key.trim() === '' || isClients}
        className="w-full"
      >
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
