import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useSearchState } from '../../shell/search-state.ts';

const RANGE = ['range', 'since', 'until', 'project'] as const;
/** What many names are together: no request was asked under it. */
const TOGETHER: ReadonlySet<string> = new Set(['unknown', 'other']);

interface NamedProps {
  readonly name: string | null;
  /** What the name is of. */
  readonly filter: 'model' | 'project' | 'target' | 'error_code';
}

/** A name that leads to its requests, of the time and the project that are looked at. */
export function Named({ name, filter }: NamedProps) {
  const { t } = useTranslation('overview');
  const [search] = useSearchState();
  if (name === null) return <span className="text-muted">{t('nobody')}</span>;
  if (filter === 'model' && TOGETHER.has(name)) {
    return (
      <span title={t(name === 'other' ? 'otherHint' : 'unknownHint')}>
        {t(name === 'other' ? 'otherNames' : 'unknownNames')}
      </span>
    );
  }
  const kept = Object.fromEntries(RANGE.flatMap((one) => (search[one] === undefined ? [] : [[one, search[one]]])));
  return (
    <Link to="/requests" search={{ [filterOf(name, filter)]: name, ...kept }} title={name} className="hover:underline">
      {name}
    </Link>
  );
}

/** A name with its provider was asked for as it stands; another one is that of a virtual model. */
function filterOf(name: string, filter: NamedProps['filter']): string {
  if (filter !== 'model') return filter;
  return name.includes('/') ? 'model' : 'virtual_model';
}
