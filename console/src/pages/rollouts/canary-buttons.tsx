import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { count, share } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type CanaryAction, actionsOf, movedRequests, shareAfter } from './canary-actions.ts';
import { askRolloutsAgain } from './put-rollout.ts';
import { useRequestsOfHour } from './use-rollouts.ts';
import type { Canary } from './wire.ts';

const LOOKS = { rollback: 'danger', resume: 'primary' } as const;

async function act(id: string, action: CanaryAction): Promise<void> {
  const params = { path: { id } };
  await {
    resume: () => client.POST('/admin/v1/canaries/{id}/resume', { params }),
    pause: () => client.POST('/admin/v1/canaries/{id}/pause', { params }),
    advance: () => client.POST('/admin/v1/canaries/{id}/advance', { params }),
    promote: () => client.POST('/admin/v1/canaries/{id}/promote', { params }),
    rollback: () => client.POST('/admin/v1/canaries/{id}/rollback', { params }),
    restart: () => client.POST('/admin/v1/canaries/{id}/restart', { params }),
  }[action]();
  await askRolloutsAgain();
}

/** What a person can do with a canary, wherever it was made. */
export function CanaryButtons({ canary }: { readonly canary: Canary }) {
  const { t } = useTranslation(['rollouts', 'common']);
  const mayEdit = useMay('editor');
  const [asked, setAsked] = useState<CanaryAction>();
  const requests = useRequestsOfHour(canary.model);
  const { id, share_percent: now } = canary;
  const then = asked === undefined ? now : shareAfter(asked, canary);
  const figures =
    requests === undefined
      ? undefined
      : t('affectsFigures', {
          from: share(now / 100),
          to: share(then / 100),
          moved: count(movedRequests(requests, now, then)),
          requests: count(requests),
        });
  return (
    <>
      {actionsOf(canary.status).map((action) => (
        <Button
          key={action}
          kind={action === 'rollback' || action === 'resume' ? LOOKS[action] : 'plain'}
          disabled={!mayEdit}
          title={mayEdit ? t(`does_${action}`) : t('common:needsRole', { role: 'editor' })}
          onClick={() => setAsked(action)}
        >
          {t(`do_${action}`)}
        </Button>
      ))}
      {asked === undefined ? null : (
        <ConfirmDialog
          open
          onClose={() => setAsked(undefined)}
          title={t('doTitle', { action: t(`do_${asked}`), id })}
          affects={
            <>
              <p>{t(`does_${asked}`)}</p>
              {figures === undefined || then === now ? null : <p className="mt-2">{figures}</p>}
            </>
          }
          verb={t(`do_${asked}`)}
          run={() => act(id, asked)}
          done={t('done')}
        />
      )}
    </>
  );
}
