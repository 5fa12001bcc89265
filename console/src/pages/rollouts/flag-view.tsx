import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { count, share } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Bar } from '../../ui/progress.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { RolloutFrame } from './rollout-frame.tsx';
import { flagRow } from './rollout-rows.ts';
import { LOOK_EVERY_MS, useRequestsOfHour } from './use-rollouts.ts';
import type { Flag } from './wire.ts';

export function FlagView({ id }: { readonly id: string }) {
  const query = api.useQuery(
    'get',
    '/admin/v1/flags/{id}',
    { params: { path: { id } } },
    { refetchInterval: LOOK_EVERY_MS },
  );
  return (
    <QueryView query={query} title={id} skeleton={<PageSkeleton />}>
      {(flag) => (
        <RolloutFrame row={flagRow(flag)} problem={flag.problem} definition={flag.definition}>
          {'share' in flag ? <Whom flag={flag} /> : null}
        </RolloutFrame>
      )}
    </QueryView>
  );
}

const UNITS = ['user', 'conversation', 'key', 'project', 'request'] as const;

/** Who has it. */
function Whom({ flag }: { readonly flag: Flag }) {
  const { t } = useTranslation('rollouts');
  const requests = useRequestsOfHour(flag.model);
  const by = UNITS.find((unit) => unit === flag.by) ?? 'user';
  const named = (['users', 'projects', 'keys'] as const).filter((list) => flag[list].length > 0);
  return (
    <Panel
      title={t('whoHasIt')}
      hint={requests === undefined ? undefined : t('modelRequests', { requests: count(requests) })}
    >
      <div className="max-w-lg">
        <div className="mb-1 flex justify-between text-[13px]">
          <span>{t('drawnBy', { unit: t(`by_${by}`) })}</span>
          <span className="tabular-nums">{share(flag.share)}</span>
        </div>
        <Bar share={flag.share} label={t('share')} />
      </div>
      {named.map((list) => (
        <p key={list} className="mt-3 flex flex-wrap items-center gap-1.5 text-[13px]">
          <span className="text-muted">{t(`flag_${list}`)}:</span>
          {flag[list].map((name) => (
            <Badge key={name}>{name}</Badge>
          ))}
        </p>
      ))}
    </Panel>
  );
}
