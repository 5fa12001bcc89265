import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { fetchRaw } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';
import { SIMULATED, curl } from '../../first-request/snippets.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/states.tsx';

export type MadeKey = paths['/admin/v1/keys']['post']['responses']['201']['content']['application/json'];

/** What the key may ask for, in the gateway's own order. The key is in no name of what is remembered. */
function useFirstModel(key: string): string | undefined {
  const { data } = useQuery({
    queryKey: ['first model of a new key'],
    gcTime: 0,
    retry: false,
    queryFn: async () => {
      const answer = await fetchRaw('/v1/models', { headers: { authorization: `Bearer ${key}` } });
      return ((await answer.json()) as { readonly data: readonly { readonly id: string }[] }).data;
    },
  });
  return data?.[0]?.id;
}

/** The only time that the key is seen. */
export function NewKey({ made, onClose }: { readonly made: MadeKey; readonly onClose: () => void }) {
  const { t } = useTranslation('keys');
  const [copied, setCopied] = useState(false);
  const model = useFirstModel(made.key) ?? made.models?.find((name) => !name.endsWith('*')) ?? SIMULATED;
  const actions = (
    <>
      {copied ? (
        <Button asChild>
          <Link to="/requests" search={{ project: made.project }}>
            {t('watchRequests')}
          </Link>
        </Button>
      ) : null}
      <Button kind="primary" onClick={onClose}>
        {t('keptIt')}
      </Button>
    </>
  );
  return (
    <Dialog open insists onClose={onClose} title={t('keyMade')} actions={actions}>
      <Note tone="warn">{t('shownOnce')}</Note>
      <Code text={made.key} wrap onCopied={() => setCopied(true)} />
      <div className="space-y-1">
        <p className="text-[13px] font-medium">{t('tryIt')}</p>
        <Code text={curl({ origin: location.origin, key: made.key, model })} onCopied={() => setCopied(true)} />
      </div>
    </Dialog>
  );
}
