import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { SearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import type { AuditEntry } from './wire.ts';

const FIELDS = ['actor', 'action', 'subject'] as const;
type FilterField = (typeof FIELDS)[number];
const MOST_SUGGESTED = 50;

interface AuditFiltersProps {
  /** What is seen now: its values can be chosen from. */
  readonly rows: readonly AuditEntry[];
  readonly search: SearchState;
  readonly change: (patch: Readonly<Record<string, string | undefined>>) => void;
}

/** Who, what and which; in the address once they are entered. */
export function AuditFilters({ rows, search, change }: AuditFiltersProps) {
  const { t } = useTranslation('operators');
  const [draft, setDraft] = useState<Readonly<Record<FilterField, string>>>({
    actor: search['actor'] ?? '',
    action: search['action'] ?? '',
    subject: search['subject'] ?? '',
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change(Object.fromEntries(FIELDS.map((field) => [field, draft[field].trim()])));
  };
  const isSet = FIELDS.some((field) => search[field] !== undefined);
  return (
    <form onSubmit={submit} className="grid gap-2 border-b border-line px-4 py-3 sm:flex sm:flex-wrap sm:items-center">
      {FIELDS.map((field) => (
        <FilterInput
          key={field}
          label={t(field)}
          value={draft[field]}
          known={suggestions(rows, field)}
          onChange={(value) => setDraft({ ...draft, [field]: value })}
        />
      ))}
      <div className="flex gap-2">
        <Button type="submit">{t('filter', { ns: 'common' })}</Button>
        {isSet ? (
          <Button kind="quiet" onClick={() => change({ actor: undefined, action: undefined, subject: undefined })}>
            {t('clear', { ns: 'common' })}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

interface FilterInputProps {
  readonly label: string;
  readonly value: string;
  readonly known: readonly string[];
  readonly onChange: (value: string) => void;
}

function FilterInput({ label, value, known, onChange }: FilterInputProps) {
  return (
    <span className="min-w-0 sm:w-60">
      <SuggestInput
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        suggestions={known}
        onChange={({ target }) => onChange(target.value)}
      />
    </span>
  );
}

/** Subjects are many: what they begin with says which kind of thing they are. */
function suggestions(rows: readonly AuditEntry[], field: FilterField): string[] {
  const texts = rows.map((row) => (field === 'subject' ? (row.subject.split('/')[0] ?? '') : row[field]));
  return [...new Set(texts)].toSorted().slice(0, MOST_SUGGESTED);
}
