import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Note } from '../../ui/states.tsx';
import { BudgetFacts } from './budget-facts.tsx';
import { BudgetRefusal } from './budget-refusal.tsx';
import { BudgetForm } from './budget-form.tsx';
import { type Budget, type Standing, type Unit, standingsShown, tightest } from './budget-state.ts';
import { useScopeText } from './budget-words.tsx';
import { BurnDownChart } from './burn-down-chart.tsx';
import { DeleteBudget } from './delete-budget.tsx';

/** One budget: how it goes, what it says, and what can be done with it. */
export function BudgetDetail({ budget }: { readonly budget: Budget }) {
  const { t } = useTranslation('cost');
  const scopeText = useScopeText();
  const [search, change] = useSearchState();
  const subject = budget.id ?? search['subject'] ?? budget.subjects?.[0]?.id;
  // The page has only the first of many; one that is named may be any.
  const isListed = budget.id !== undefined || (budget.subjects ?? []).some(({ id }) => id === subject);
  const one = api.useQuery(
    'get',
    '/admin/v1/budgets/{id}',
    { params: { path: { id: budget.name }, query: subject === undefined ? {} : { subject } } },
    { enabled: !isListed && subject !== undefined },
  );
  const all = standingsShown(isListed ? budget : (one.data ?? budget), subject);
  const standing = all.find((each) => each.unit === search['unit']) ?? tightest(all);
  return (
    <Panel title={budget.name} hint={scopeText(budget)} actions={<Actions budget={budget} standing={standing} />}>
      <div className="mb-3 flex flex-wrap items-end gap-3">
        {budget.subjects === undefined ? null : <Subjects budget={budget} subject={subject} />}
        {all.length > 1 ? (
          <Segments<Unit>
            label={t('unit')}
            value={standing?.unit ?? 'usd'}
            choices={[
              ['usd', t('dollars')],
              ['tokens', t('tokens')],
            ]}
            onChange={(chosen) => change({ unit: chosen })}
          />
        ) : null}
      </div>
      {budget.origin === 'file' ? <Note className="mb-3">{t('ofFile')}</Note> : null}
      {budget.hard && subject !== undefined && standing !== undefined ? (
        <BudgetRefusal budget={budget} subject={subject} standing={standing} />
      ) : null}
      <div className="grid gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(17rem,1fr)]">
        {subject === undefined || standing === undefined ? (
          <Note>{t('nobodySpent')}</Note>
        ) : (
          <BurnDownChart key={`${subject} ${standing.unit}`} budget={budget} subject={subject} standing={standing} />
        )}
        <BudgetFacts budget={budget} standing={standing} />
      </div>
    </Panel>
  );
}

function Subjects({ budget, subject }: { readonly budget: Budget; readonly subject: string | undefined }) {
  const { t } = useTranslation('cost');
  const [, change] = useSearchState();
  const ids = (budget.subjects ?? []).map(({ id }) => id);
  const shown = subject === undefined || ids.includes(subject) ? ids : [subject, ...ids];
  if (shown.length === 0) return null;
  return (
    <Field label={t('whose', { group: t(`group_${budget.per}`) })} className="w-64 max-w-full">
      <Select value={subject ?? ''} onChange={({ target }) => change({ subject: target.value })}>
        {shown.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function Actions({ budget, standing }: { readonly budget: Budget; readonly standing: Standing | undefined }) {
  const { t } = useTranslation('cost');
  const mayEdit = useMay('editor');
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const close = (): void => setOpen(undefined);
  const why =
    budget.origin === 'file'
      ? t('ofFile')
      : mayEdit
        ? undefined
        : t('needsRole', { ns: 'common', role: t('roleEditor', { ns: 'shell' }) });
  return (
    <>
      <Button disabled={why !== undefined} title={why} onClick={() => setOpen('edit')}>
        <Pencil aria-hidden />
        {t('edit', { ns: 'common' })}
      </Button>
      <Button kind="danger" disabled={why !== undefined} title={why} onClick={() => setOpen('delete')}>
        <Trash2 aria-hidden />
        {t('delete', { ns: 'common' })}
      </Button>
      {open === 'edit' ? <BudgetForm budget={budget} onClose={close} /> : null}
      <DeleteBudget budget={budget} standing={standing} open={open === 'delete'} onClose={close} />
    </>
  );
}
