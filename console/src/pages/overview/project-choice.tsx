import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useSession } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Select } from '../../ui/field.tsx';

/** One project's figures, or those of all. */
export function ProjectChoice() {
  const { t } = useTranslation('overview');
  const { data: operator } = useSession();
  const [{ project = '' }, change] = useSearchState();
  const { data } = api.useQuery('get', '/admin/v1/facets', { params: { query: { fields: 'project' } } });
  const seen = (data?.data ?? []).flatMap(({ values }) => values.map(({ value }) => value));
  const names = [...new Set([...(operator?.projects ?? []), ...seen, ...(project === '' ? [] : [project])])];
  return (
    <Select
      aria-label={t('allProjects')}
      value={project}
      onChange={({ target }) => change({ project: target.value })}
      className="w-44"
    >
      <option value="">{t('allProjects')}</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}
