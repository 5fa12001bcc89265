import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { compact, money, share } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Bar } from '../../ui/progress.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { type BudgetLine, fullest } from './budget-lines.ts';

const SHOWN = 8;

export function BudgetSummary() {
  const { t } = useTranslation('keys');
  const query = api.useQuery('get', '/admin/v1/budgets', { params: { query: { limit: '500' } } });
  const toBudgets = (
    <Button asChild size="small">
      <Link to="/cost/budgets">{t('toBudgets')}</Link>
    </Button>
  );
  return (
    <Panel title={t('budgets')} hint={t('budgetsHint')} actions={toBudgets}>
      <QueryView query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={t('noBudgets')}>{t('noBudgetsHint')}</Empty>
          ) : (
            <ul className="space-y-3">
              {fullest(data, SHOWN).map((line) => (
                <BudgetRow key={`${line.name} ${line.subject ?? ''} ${line.unit}`} line={line} />
              ))}
            </ul>
          )
        }
      </QueryView>
    </Panel>
  );
}

function BudgetRow({ line }: { readonly line: BudgetLine }) {
  const { t } = useTranslation('keys');
  const { name, subject, unit, used, limit, hard, resetsAt } = line;
  const write = unit === 'usd' ? money : compact;
  const part = limit > 0 ? used / limit : 1;
  return (
    <li className="text-[13px]">
      <div className="mb-1 flex items-center justify-between gap-3">
        <span className="flex min-w-0 items-center gap-2">
          <Link to="/cost/budgets" search={{ budget: name }} className="truncate font-medium hover:underline">
            {name}
          </Link>
          {subject === undefined ? null : <span className="truncate text-muted">{subject}</span>}
          {hard ? <Badge>{t('hard')}</Badge> : null}
        </span>
        <span className="shrink-0 tabular-nums">
          {write(used)} / {write(limit)} <span className="text-muted">{share(part, 0)}</span>
        </span>
      </div>
      <Bar
        share={part}
        label={t('usedShare', { name: subject === undefined ? name : `${name} ${subject}`, share: share(part, 0) })}
        tone={part >= 1 ? 'bad' : part >= 0.8 ? 'warn' : 'accent'}
      />
      {resetsAt === null ? null : (
        <p className="mt-0.5 text-xs text-muted">
          {t('resets')} <Ago at={resetsAt} />
        </p>
      )}
    </li>
  );
}
