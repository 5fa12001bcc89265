import { useTranslation } from 'react-i18next';

import { count, share } from '../../format/numbers.ts';
import { Panel } from '../../ui/panel.tsx';
import { Note } from '../../ui/states.tsx';
import type { Canary } from './wire.ts';

/** Who judges a part of the answers; nothing where nobody does. */
export function JudgePanel({ judge }: { readonly judge: Canary['judge'] }) {
  const { t } = useTranslation('rollouts');
  if (judge === null) return null;
  const outcomes = Object.entries(judge.outcomes);
  return (
    <Panel title={t('judge')} hint={t('judgeHint', { target: judge.target, sample: share(judge.sample) })}>
      {judge.rubric === null ? null : <p className="text-[13px]">{judge.rubric}</p>}
      {outcomes.length === 0 ? (
        <p className="text-[13px] text-muted">{t('judgeNothing')}</p>
      ) : (
        <p className="mt-1 text-[13px] text-muted">
          {outcomes.map(([outcome, of]) => `${outcome}: ${count(of)}`).join(' · ')}
        </p>
      )}
      {judge.problem === null ? null : (
        <Note tone="warn" className="mt-2">
          {judge.problem}
        </Note>
      )}
    </Panel>
  );
}
