import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { share } from '../../format/numbers.ts';
import { Code } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Bar } from '../../ui/progress.tsx';
import { QueryView } from '../../ui/query-view.tsx';

const EXAMPLE = `models:
  chat:
    target: openai/gpt-5-mini
    objectives:
      availability: 0.999
      ttft: { below: 2s, of: 0.95 }
      window: 30d`;
const LOW = 0.25;

/** What is left of the error budgets of each model. */
export function Objectives() {
  const { t } = useTranslation('overview');
  const query = api.useQuery('get', '/admin/v1/objectives');
  return (
    <Panel title={t('objectives')} hint={t('objectivesHint')}>
      <QueryView query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <>
              <p className="mb-2 text-[13px] text-muted">{t('objectivesNone')}</p>
              <Code text={EXAMPLE} />
            </>
          ) : (
            <ul className="space-y-3">
              {data.map(({ model, objective, target, actual, budget_left: left }) => (
                <li key={`${model} ${objective}`} className="text-[13px]">
                  <div className="flex flex-wrap items-baseline justify-between gap-x-3">
                    <span className="font-medium">
                      {model} · {objective}
                    </span>
                    <span className="text-xs text-muted">
                      {objective === 'cost'
                        ? t('budgetLeft', { share: share(left) })
                        : t('actual', { actual: share(actual, 2), target: share(target, 2) })}
                    </span>
                  </div>
                  <Bar
                    className="mt-1"
                    share={left ?? 1}
                    tone={toneOf(left)}
                    label={t('budgetLeft', { share: share(left) })}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </Panel>
  );
}

function toneOf(left: number | null): 'accent' | 'warn' | 'bad' {
  if (left === null || left > LOW) return 'accent';
  return left > 0 ? 'warn' : 'bad';
}
