import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';

function messageOfCrash(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A fault of ours in a page: the rest of the console goes on. */
export function Crash({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation('shell');
  return (
    <div role="alert" className="mx-auto max-w-2xl space-y-3 py-12">
      <h1 className="text-lg font-semibold">{t('crashed')}</h1>
      <p className="text-[13px] text-muted">{t('crashedHint')}</p>
      <Code text={messageOfCrash(error)} wrap />
      <Button onClick={reset}>{t('retry', { ns: 'common' })}</Button>
    </div>
  );
}
