import { useTranslation } from 'react-i18next';

import { useKnownProjects } from '../api/facets.ts';
import { Select } from '../ui/field.tsx';
import { useSearchState } from './search-state.ts';

/** One project, or all of them; in the address as `project`. */
export function ProjectChoice() {
  const { t } = useTranslation();
  const [{ project = '' }, change] = useSearchState();
  const known = useKnownProjects();
  const projects = project === '' || known.includes(project) ? known : [project, ...known];
  return (
    <Select
      aria-label={t('project')}
      value={project}
      onChange={({ target }) => change({ project: target.value })}
      className="w-48"
    >
      <option value="">{t('allProjects')}</option>
      {projects.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}
