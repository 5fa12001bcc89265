import { useTranslation } from 'react-i18next';

import { useSearchState } from '../../shell/search-state.ts';
import { Segments } from '../../ui/segments.tsx';
import { Select } from '../../ui/field.tsx';
import { useKnownProjects } from './known.ts';

/** Whose keys are shown, and whether also those that do not work any more. */
export function KeyFilters() {
  const { t } = useTranslation(['keys', 'common']);
  const [{ project = '', show }, change] = useSearchState();
  const known = useKnownProjects();
  const projects = project === '' || known.includes(project) ? known : [project, ...known];
  return (
    <>
      <Select
        aria-label={t('common:project')}
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
      <Segments<'live' | 'all'>
        label={t('common:status')}
        value={show === 'all' ? 'all' : 'live'}
        choices={[
          ['live', t('liveOnly')],
          ['all', t('common:all')],
        ]}
        onChange={(chosen) => change({ show: chosen === 'all' ? 'all' : undefined })}
      />
    </>
  );
}
