import type { ErrorComponentProps } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { usePageTitle } from './page-title.ts';
import { GatewayAway, gatewayAnswers } from './stale-build.ts';

function messageOfCrash(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A fault of ours in a page, or a page whose code could not be fetched: the rest of the console goes on. */
export function Crash({ error, reset }: ErrorComponentProps) {
  return error instanceof GatewayAway ? <Away /> : <Broken error={error} reset={reset} />;
}

function Broken({ error, reset }: Pick<ErrorComponentProps, 'error' | 'reset'>) {
  const { t } = useTranslation('shell');
  usePageTitle(t('crashed'));
  return (
    <div role="alert" className="mx-auto max-w-2xl space-y-3 py-12">
      <h1 className="text-lg font-semibold">{t('crashed')}</h1>
      <p className="text-[13px] text-muted">{t('crashedHint')}</p>
      <Code text={messageOfCrash(error)} wrap />
      <Button onClick={reset}>{t('retry', { ns: 'common' })}</Button>
    </div>
  );
}

/** Browsers remember that a file did not come, so that the page as a whole is loaded anew, once somebody answers. */
function Away() {
  const { t } = useTranslation('shell');
  const [busy, setBusy] = useState(false);
  usePageTitle(t('away'));
  const retry = async (): Promise<void> => {
    setBusy(true);
    if (await gatewayAnswers()) location.reload();
    else setBusy(false);
  };
  return (
    <div role="alert" className="mx-auto max-w-2xl space-y-3 py-12">
      <h1 className="text-lg font-semibold">{t('away')}</h1>
      <p className="text-[13px] text-muted">{t('awayHint')}</p>
      <Button kind="primary" busy={busy} onClick={() => void retry()}>
        {t('retry', { ns: 'common' })}
      </Button>
    </div>
  );
}
