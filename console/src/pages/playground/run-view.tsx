import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Failure, Note } from '../../ui/states.tsx';
import { LongText } from '../requests/long-text.tsx';
import { hasBegun } from './answer.ts';
import { goOnFrom } from './bench.ts';
import { CallResults } from './call-results.tsx';
import { RunFacts } from './run-facts.tsx';
import type { Run } from './send.ts';

/** What came of one column. */
export function RunView({ run }: { readonly run: Run | undefined }) {
  const { t } = useTranslation('playground');
  if (!run) {
    return (
      <div className="rounded-lg border border-dashed border-line px-4 py-8 text-center text-[13px] text-muted">
        {t('noAnswer')}
      </div>
    );
  }
  const { answer, state } = run;
  const copy = answer.text === '' ? undefined : <CopyButton text={answer.text} />;
  return (
    <Panel title={t('answer')} {...(copy && { actions: copy })}>
      <div className="space-y-3" aria-busy={state === 'running'}>
        <AnswerBody run={run} />
        {run.error === undefined ? null : <Failure error={run.error} />}
        {state === 'stopped' ? <Note tone="warn">{t('stopped')}</Note> : null}
        <ReviewNote run={run} />
        {state === 'done' && answer.calls.length > 0 ? <CallResults run={run} /> : null}
        {state === 'done' && answer.calls.length === 0 && answer.text !== '' ? (
          <Button size="small" onClick={() => goOnFrom(run, {})}>
            {t('goOn')}
          </Button>
        ) : null}
        <RunFacts run={run} />
      </div>
    </Panel>
  );
}

function AnswerBody({ run: { answer, state } }: { readonly run: Run }) {
  const { t } = useTranslation('playground');
  if (!hasBegun(answer)) {
    return state === 'running' ? (
      <div role="status" aria-label={t('waiting')} className="space-y-2">
        <Skeleton className="h-4 w-4/5" />
        <Skeleton className="h-4 w-3/5" />
      </div>
    ) : null;
  }
  return (
    <>
      {answer.reasoning === '' ? null : (
        <details className="rounded bg-raised px-2 py-1">
          <summary className="text-xs font-medium text-muted">{t('reasoning')}</summary>
          <LongText text={answer.reasoning} className="pt-1 text-[13px] text-muted" />
        </details>
      )}
      {answer.text === '' ? null : (
        <div className="max-h-[32rem] overflow-y-auto text-[13px] leading-relaxed" tabIndex={0} data-answer>
          <LongText text={answer.text} />
        </div>
      )}
    </>
  );
}

function ReviewNote({ run: { told } }: { readonly run: Run }) {
  const { t } = useTranslation('playground');
  if (told?.review === undefined) return null;
  return (
    <Note tone="warn">
      {t('waitsForReview')}{' '}
      <Link to="/safety/reviews/$id" params={{ id: told.review }} className="text-accent hover:underline">
        {t('openReview')}
      </Link>
    </Note>
  );
}
