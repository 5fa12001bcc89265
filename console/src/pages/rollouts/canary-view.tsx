import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { share } from '../../format/numbers.ts';
import { classes } from '../../ui/classes.ts';
import { Ago } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { Note } from '../../ui/states.tsx';
import { ArmTable } from './arm-table.tsx';
import { CanaryButtons } from './canary-buttons.tsx';
import { CanaryHistory } from './canary-history.tsx';
import { GuardTable } from './guard-table.tsx';
import { JudgePanel } from './judge-panel.tsx';
import { RolloutFrame } from './rollout-frame.tsx';
import { canaryRow } from './rollout-rows.ts';
import { LOOK_EVERY_MS } from './use-rollouts.ts';
import type { Canary } from './wire.ts';

export function CanaryView({ id }: { readonly id: string }) {
  const query = api.useQuery(
    'get',
    '/admin/v1/canaries/{id}',
    { params: { path: { id } } },
    { refetchInterval: LOOK_EVERY_MS },
  );
  return (
    <QueryView query={query} title={id} skeleton={<PageSkeleton />}>
      {(canary) => <Whole canary={canary} />}
    </QueryView>
  );
}

function Whole({ canary }: { readonly canary: Canary }) {
  // What cannot be read any more has a problem, and none of the figures.
  const isReadable = 'arms' in canary;
  return (
    <RolloutFrame
      row={canaryRow(canary)}
      problem={canary.problem}
      definition={canary.definition}
      actions={isReadable ? <CanaryButtons canary={canary} /> : undefined}
    >
      {isReadable ? (
        <>
          <Standing canary={canary} />
          <div className="grid gap-4 xl:grid-cols-[3fr_2fr]">
            <GuardTable canary={canary} />
            <CanaryHistory canary={canary} />
          </div>
          <ArmTable of={canary} prefix={`canary:${canary.id}`} />
          <JudgePanel judge={canary.judge} />
        </>
      ) : null}
    </RolloutFrame>
  );
}

/** Where it is, and why, in words. */
function Standing({ canary }: { readonly canary: Canary }) {
  const { t } = useTranslation('rollouts');
  const { share_percent: now, reason, advice, hold, step_since: since } = canary;
  return (
    <Panel title={t('standing')}>
      <div className="flex flex-wrap items-center gap-x-8 gap-y-3">
        <div>
          <div className="text-3xl font-semibold tracking-tight tabular-nums">{share(now / 100)}</div>
          <div className="text-xs text-muted">
            {t('toCandidate')} · <Ago at={since} />
          </div>
        </div>
        <Steps canary={canary} />
      </div>
      <p className="mt-3 text-[13px]">{reason}</p>
      {hold === null ? null : (
        <p className="mt-1 text-[13px] text-warn">{hold === 'mismatch' ? t('hold_mismatch') : t('hold_undecided')}</p>
      )}
      {advice === null ? null : (
        <Note tone={canary.status === 'promoted' ? 'good' : 'warn'} className="mt-3">
          {advice}
        </Note>
      )}
    </Panel>
  );
}

function Steps({ canary: { steps, step, status } }: { readonly canary: Canary }) {
  const { t } = useTranslation('rollouts');
  const isOver = status === 'promoted' || status === 'rolled_back';
  const all = steps.at(-1) === 100 ? steps : [...steps, 100];
  const isDone = (at: number): boolean => status === 'promoted' || (status !== 'rolled_back' && at < step);
  return (
    <ol aria-label={t('steps')} className="flex flex-wrap gap-1">
      {all.map((percent, at) => (
        <li
          key={percent}
          aria-current={!isOver && at === step ? 'step' : undefined}
          className={classes(
            'rounded border border-line px-2.5 py-1 text-xs tabular-nums',
            isDone(at) ? 'bg-accent-soft text-accent' : 'text-muted',
            !isOver && at === step && 'border-accent bg-accent font-medium text-accent-ink',
          )}
        >
          {share(percent / 100)}
        </li>
      ))}
    </ol>
  );
}
