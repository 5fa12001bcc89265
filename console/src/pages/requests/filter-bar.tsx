import { Search, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useFacet } from '../../api/facets.ts';
import { useSearchState } from '../../shell/search-state.ts';
import type { TimeRange } from '../../shell/time-range.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { AddFilter } from './add-filter.tsx';
import { CommitInput } from '../../ui/commit-input.tsx';
import { filterValue, filterWords } from './filter-words.ts';
import { filterNamed, filtersOf, withoutFilters } from './filters.ts';

/** These have a place of their own in the bar. */
const QUICK = new Set(['status', 'model', 'project', 'q']);
const CHOICES = ['1h', '24h', '7d', '30d'] as const;

export function FilterBar({ range }: { readonly range: TimeRange }) {
  const { t } = useTranslation(['requests', 'common']);
  const [search, change] = useSearchState();
  return (
    <div className="mb-3 space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={t('filters.status')}
          className="w-auto"
          value={search['status'] ?? ''}
          onChange={({ target }) => change({ status: target.value })}
        >
          <option value="">{t('anyStatus')}</option>
          {filterNamed('status')?.choices?.map((status) => (
            <option key={status} value={status}>
              {filterValue('status', status, t)}
            </option>
          ))}
        </Select>
        <NameFilter name="model" any={t('anyModel')} />
        <NameFilter name="project" any={t('anyProject')} />
        <div className="relative min-w-52 flex-1">
          <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" aria-hidden />
          <CommitInput
            type="search"
            aria-label={t('searchTexts')}
            placeholder={t('searchTexts')}
            title={t('searchHint')}
            className="pl-8"
            value={search['q'] ?? ''}
            onCommit={(q) => change({ q })}
          />
        </div>
        <RangePicker range={range} choices={CHOICES} />
        <AddFilter />
      </div>
      <FilterChips />
    </div>
  );
}

function NameFilter({ name, any }: { readonly name: 'model' | 'project'; readonly any: string }) {
  const { t } = useTranslation('requests');
  const [search, change] = useSearchState();
  const suggestions = useFacet(name);
  return (
    <CommitInput
      aria-label={t(`filters.${name}`)}
      placeholder={any}
      className="w-36"
      suggestions={suggestions}
      value={search[name] ?? ''}
      onCommit={(value) => change({ [name]: value })}
    />
  );
}

function FilterChips() {
  const { t } = useTranslation(['requests', 'common']);
  const [search, change] = useSearchState();
  const filters = filtersOf(search);
  const chips = filters.filter(([name]) => !QUICK.has(name));
  if (filters.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {chips.map(([name, value]) => {
        const words = filterWords(name, value, t);
        return (
          <button
            key={name}
            type="button"
            title={words}
            aria-label={t('filterRemove', { filter: words })}
            onClick={() => change({ [name]: undefined })}
            className="inline-flex max-w-80 items-center gap-1 rounded-full bg-accent-soft py-0.5 pr-1.5 pl-2.5 text-xs text-accent hover:brightness-105"
          >
            <span className="truncate">{words}</span>
            <X className="size-3.5 shrink-0" aria-hidden />
          </button>
        );
      })}
      <Button kind="quiet" size="small" onClick={() => change(withoutFilters(search))}>
        {t('clearFilters')}
      </Button>
    </div>
  );
}
