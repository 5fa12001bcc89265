import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Ago, Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Fact, FactsGrid } from '../../ui/facts-grid.tsx';
import type { OpenedReview } from './wire.ts';

/** Whose it is, where it came from, and what became of it. */
export function ReviewFacts({ review }: { readonly review: OpenedReview }) {
  const { t } = useTranslation(['reviews', 'common']);
  const { project, user, policy, endpoint, key_id: keyId, runs_here: runsHere, answer } = review;
  const facts: Fact[] = [
    { name: t('since'), value: <Ago at={review.created_at} /> },
    { name: t('expires'), value: <Ago at={review.expires_at} /> },
    { name: t('common:project'), value: project },
    { name: t('common:user'), value: user ?? '–' },
    { name: t('policy'), value: policy },
    { name: t('endpoint'), value: <code className="font-mono text-xs break-all">{endpoint}</code> },
    { name: t('keyId'), value: <code className="font-mono text-xs break-all">{keyId}</code> },
    { name: t('how'), value: runsHere ? t('asyncClient') : t('asyncClientNo') },
    { name: t('trace'), value: <ToTrace id={review.trace_id}>{t('open')}</ToTrace> },
    ...(review.used_by === null
      ? []
      : [{ name: t('usedBy'), value: <ToTrace id={review.used_by}>{t('open')}</ToTrace> }]),
    ...(answer === null
      ? []
      : [{ name: t('answeredIn'), value: <ToTrace id={answer.request_id}>{t('open')}</ToTrace> }]),
    ...(review.decided_at === null ? [] : [{ name: t('decided'), value: <Time at={review.decided_at} /> }]),
  ];
  return (
    <Panel title={t('facts')}>
      <FactsGrid facts={facts} narrow />
    </Panel>
  );
}

function ToTrace({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <Link to="/requests/$traceId" params={{ traceId: id }} className="text-accent hover:underline" title={id}>
      {children}
    </Link>
  );
}
