import { useTranslation } from 'react-i18next';

import { EventKind } from '../../events/event-badge.tsx';
import { KINDS } from '../../events/kinds.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { CommitInput } from '../../ui/commit-input.tsx';
import { Select } from '../../ui/field.tsx';
import { SEVERITIES, severityText } from './rule-words.ts';

const NONE = { kind: undefined, severity: undefined, subject: undefined };

/** What of the events is shown; in the address. */
export function EventFilters({ subjects }: { readonly subjects: readonly string[] }) {
  const { t } = useTranslation(['alerts', 'common']);
  const [{ kind = '', severity = '', subject = '' }, change] = useSearchState();
  return (
    <div className="grid gap-2 border-b border-line px-4 py-3 sm:flex sm:flex-wrap sm:items-center">
      <Select
        aria-label={t('kind')}
        value={kind}
        onChange={({ target }) => change({ kind: target.value })}
        className="sm:w-52"
      >
        <option value="">{t('anyKind')}</option>
        {KINDS.map((one) => (
          <option key={one} value={one}>
            <EventKind kind={one} />
          </option>
        ))}
      </Select>
      <Select
        aria-label={t('severity')}
        value={severity}
        onChange={({ target }) => change({ severity: target.value })}
        className="sm:w-40"
      >
        <option value="">{t('anySeverity')}</option>
        {SEVERITIES.map((one) => (
          <option key={one} value={one}>
            {severityText(one, t)}
          </option>
        ))}
      </Select>
      <span className="min-w-0 sm:w-64">
        <CommitInput
          type="search"
          aria-label={t('subject')}
          placeholder={t('subjectHint')}
          value={subject}
          suggestions={subjects}
          onCommit={(value) => change({ subject: value })}
        />
      </span>
      {[kind, severity, subject].some(Boolean) ? (
        <Button kind="quiet" onClick={() => change(NONE)}>
          {t('common:clear')}
        </Button>
      ) : null}
    </div>
  );
}
