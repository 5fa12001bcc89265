import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { UsageQuestion } from './usage-question.ts';
import { GROUPS, type Group, MEASURES } from './usage-rows.ts';

/** What is grouped by, what is measured, and what is left out; all of it in the address. */
export function UsageFilters({ question }: { readonly question: UsageQuestion }) {
  const { t } = useTranslation('cost');
  const [, change] = useSearchState();
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
      <GroupBy by={question.by} />
      <Segments
        label={t('measure')}
        value={question.measure}
        choices={MEASURES.map((name) => [name, t(name)] as const)}
        onChange={(measure) => change({ measure })}
      />
      <Segments
        label={t('step')}
        value={question.bucket}
        choices={[
          ['hour', t('byHour')],
          ['day', t('byDay')],
        ]}
        onChange={(bucket) => change({ bucket })}
      />
      <FilterChips filters={question.filters} />
    </div>
  );
}

export function FilterChips({ filters }: { readonly filters: UsageQuestion['filters'] }) {
  const { t } = useTranslation('cost');
  const [, change] = useSearchState();
  const names = Object.keys(filters) as Group[];
  if (names.length === 0) return null;
  return (
    <ul className="flex min-w-0 flex-wrap items-center gap-2" aria-label={t('filters')}>
      {names.map((name) => (
        <li key={name} className="flex h-8 max-w-72 items-center gap-1 rounded-md bg-accent-soft pl-2.5 text-[13px]">
          <span className="text-muted">{t(`group_${name}`)}</span>
          <span className="truncate font-medium" title={filters[name]}>
            {filters[name]}
          </span>
          <Button
            kind="quiet"
            size="small"
            aria-label={t('removeFilter', { name: t(`group_${name}`) })}
            onClick={() => change({ [name]: undefined })}
          >
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** What the rows of a table are about; in the address. */
export function GroupBy({ by }: { readonly by: Group }) {
  const { t } = useTranslation('cost');
  const [, change] = useSearchState();
  return (
    <Field label={t('groupBy')} className="w-40">
      <Select value={by} onChange={({ target }) => change({ by: target.value })}>
        {GROUPS.map((name) => (
          <option key={name} value={name}>
            {t(`group_${name}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
