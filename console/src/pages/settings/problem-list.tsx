import { useTranslation } from 'react-i18next';

import { Panel } from '../../ui/panel.tsx';
import type { Problem } from './wire.ts';
import type { Place } from './yaml-editor.tsx';

interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly onGo?: (place: Place) => void;
}

/** What is wrong, each with its place. */
export function ProblemList({ problems, onGo }: ProblemListProps) {
  const { t } = useTranslation('settings');
  return (
    <Panel title={t('problems')} hint={t('problemsHint')}>
      <ul className="space-y-3">
        {problems.map((problem) => (
          <li key={`${problem.line}:${problem.column}:${problem.path}:${problem.message}`} className="text-[13px]">
            <PlaceButton problem={problem} onGo={onGo} />
            {problem.path === '' ? null : <code className="ml-2 font-mono text-xs break-all">{problem.path}</code>}
            <p className="mt-0.5 break-words">{problem.message}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function PlaceButton({ problem, onGo }: { readonly problem: Problem; readonly onGo: ProblemListProps['onGo'] }) {
  const { t } = useTranslation('settings');
  const { line, column, source } = problem;
  if (source === 'environment') return <span className="text-xs font-medium text-bad">{t('inEnvironment')}</span>;
  const place = t('place', { line, column });
  if (!onGo) return <span className="text-xs font-medium text-bad">{place}</span>;
  return (
    <button
      type="button"
      className="text-xs font-medium text-bad underline underline-offset-2"
      onClick={() => onGo({ line, column })}
    >
      {place}
    </button>
  );
}
