import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/states.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { ChannelType } from './channel-type.tsx';
import type { Channel } from './wire.ts';

interface Tested {
  readonly channel: string;
  readonly ok: boolean;
  readonly error: string | null;
}

interface TestDialogProps {
  /** One of them, or all that there are. */
  readonly channels: readonly Channel[];
  readonly onClose: () => void;
}

/** Sends a test after saying where it goes, and says what became of it. */
export function TestDialog({ channels, onClose }: TestDialogProps) {
  const { t } = useTranslation(['alerts', 'common']);
  const [results, setResults] = useState<readonly Tested[]>();
  const form = useSubmit();
  const wrong = form.errorBeside();
  const [only] = channels.length === 1 ? channels : [];
  const send = (): void =>
    void form.submit(async () => {
      const { data } = await client.POST('/admin/v1/alerts/test', { body: only ? { channel: only.name } : {} });
      setResults(data?.data ?? []);
      await askAgain('/admin/v1/alerts');
    });
  const buttons = (
    <>
      <Button onClick={onClose}>{t(results === undefined ? 'common:cancel' : 'common:close')}</Button>
      {results === undefined ? (
        <Button kind="primary" busy={form.busy} onClick={send}>
          {t('test')}
        </Button>
      ) : null}
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t(results === undefined ? 'testTitle' : 'testDone')} actions={buttons}>
      {results === undefined ? (
        <div className="space-y-2 text-[13px]">
          <p className="text-muted">{t('testHint')}</p>
          <p>{t('testGoesTo')}</p>
          <ul className="space-y-1">
            {channels.map(({ name, type }) => (
              <li key={name}>
                <span className="font-medium">{name}</span>{' '}
                <span className="text-muted">
                  <ChannelType type={type} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <Results results={results} />
      )}
      {wrong === undefined ? null : <Failure error={wrong} />}
    </Dialog>
  );
}

function Results({ results }: { readonly results: readonly Tested[] }) {
  const { t } = useTranslation('alerts');
  return (
    <ul role="status" className="space-y-2 text-[13px]">
      {results.map(({ channel, ok, error }) => (
        <li key={channel}>
          <span className="font-medium">{channel}</span>{' '}
          <Badge tone={ok ? 'good' : 'bad'}>{t(ok ? 'testSent' : 'testFailed')}</Badge>
          {error === null ? null : <p className="mt-0.5 break-words text-muted">{error}</p>}
        </li>
      ))}
    </ul>
  );
}
