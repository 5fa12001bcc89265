import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { ProjectChoice } from '../../shell/project-choice.tsx';
import { useSearchState } from '../../shell/search-state.ts';
import { Input } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';

const NEWEST = '500';
const NONE: readonly string[] = [];

/** A project may have keys and no requests yet. */
function useKeyProjects(): readonly string[] {
  const { data } = api.useQuery('get', '/admin/v1/keys', { params: { query: { limit: NEWEST } } });
  return data?.data.map(({ project }) => project) ?? NONE;
}

/** Whose keys are shown, and whether also those that do not work any more. */
export function KeyFilters() {
  const { t } = useTranslation(['keys', 'common']);
  const [{ show, q = '' }, change] = useSearchState();
  return (
    <>
      <Input
        type="search"
        aria-label={t('searchKeys')}
        placeholder={t('searchKeys')}
        value={q}
        onChange={({ target }) => change({ q: target.value })}
        className="w-56"
      />
      <ProjectChoice also={useKeyProjects()} />
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
