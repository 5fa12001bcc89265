import { useTranslation } from 'react-i18next';

import { useKnownProjects } from '../api/facets.ts';
import { Select } from '../ui/field.tsx';
import { useSearchState } from './search-state.ts';

const NONE: readonly string[] = [];

/** One project, or all of them; in the address as `project`. `also` are names that the page knows beside. */
export function ProjectChoice({ also = NONE }: { readonly also?: readonly string[] }) {
  const { t } = useTranslation();
  const [{ project = '' }, change] = useSearchState();
  const used = useKnownProjects();
  const known = [...new Set([...used, ...also])];
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
