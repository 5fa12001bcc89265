import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, client } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { count, share } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Ago, Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { ArmTable } from './arm-table.tsx';
import { FindingTable } from './finding-table.tsx';
import { useMetricWord } from './guard-table.tsx';
import { JudgePanel } from './judge-panel.tsx';
import { askRolloutsAgain } from './put-rollout.ts';
import { RolloutFrame } from './rollout-frame.tsx';
import { experimentRow } from './rollout-rows.ts';
import { LOOK_EVERY_MS } from './use-rollouts.ts';
import type { Experiment } from './wire.ts';

export function ExperimentView({ id }: { readonly id: string }) {
  const query = api.useQuery(
    'get',
    '/admin/v1/experiments/{id}',
    { params: { path: { id } } },
    { refetchInterval: LOOK_EVERY_MS },
  );
  return (
    <QueryView query={query} title={id} skeleton={<PageSkeleton />}>
      {(experiment) => <Whole experiment={experiment} />}
    </QueryView>
  );
}

function Whole({ experiment }: { readonly experiment: Experiment }) {
  const isReadable = 'arms' in experiment;
  return (
    <RolloutFrame
      row={experimentRow(experiment)}
      problem={experiment.problem}
      definition={experiment.definition}
      actions={isReadable ? <Restart experiment={experiment} /> : undefined}
    >
      {isReadable ? (
        <>
          <Verdict experiment={experiment} />
          <ArmTable of={experiment} prefix={`experiment:${experiment.id}`} />
          <FindingTable experiment={experiment} />
          <JudgePanel judge={experiment.judge} />
        </>
      ) : null}
    </RolloutFrame>
  );
}

function Verdict({ experiment }: { readonly experiment: Experiment }) {
  const { t } = useTranslation('rollouts');
  const wordOf = useMetricWord();
  const { verdict, goal, margin, confidence, share: part, since, history } = experiment;
  return (
    <Panel title={t('verdict')}>
      <p className="text-[13px] font-medium">{verdict.text}</p>
      <p className="mt-1 text-xs text-muted">
        {t('verdictHint', {
          goal: wordOf(goal),
          margin: share(margin),
          confidence: share(confidence),
          share: share(part),
        })}{' '}
        · <Ago at={since} />
      </p>
      {history.length === 0 ? null : (
        <ul className="mt-3 max-h-48 divide-y divide-line overflow-y-auto border-t border-line text-[13px]">
          {history.toReversed().map(({ at, text }) => (
            <li key={at} className="py-1.5">
              <span className="mr-2 text-muted tabular-nums">
                <Time at={at} />
              </span>
              {text}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Restart({ experiment: { id, arms } }: { readonly experiment: Experiment }) {
  const { t } = useTranslation(['rollouts', 'common']);
  const mayEdit = useMay('editor');
  const [open, setOpen] = useState(false);
  const requests = arms.reduce((sum, arm) => sum + arm.requests, 0);
  const restart = async (): Promise<void> => {
    await client.POST('/admin/v1/experiments/{id}/restart', { params: { path: { id } } });
    await askRolloutsAgain();
  };
  return (
    <>
      <Button
        disabled={!mayEdit}
        title={mayEdit ? undefined : t('common:needsRole', { role: 'editor' })}
        onClick={() => setOpen(true)}
      >
        {t('do_restart')}
      </Button>
      <ConfirmDialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('doTitle', { action: t('do_restart'), id })}
        affects={t('restartExperiment', { requests: count(requests) })}
        verb={t('do_restart')}
        run={restart}
        done={t('done')}
      />
    </>
  );
}
