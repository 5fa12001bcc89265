import { useTranslation } from 'react-i18next';

import { ProjectChoice } from '../../shell/project-choice.tsx';
import { useSearchState } from '../../shell/search-state.ts';
import { Segments } from '../../ui/segments.tsx';

/** Whose keys are shown, and whether also those that do not work any more. */
export function KeyFilters() {
  const { t } = useTranslation(['keys', 'common']);
  const [{ show }, change] = useSearchState();
  return (
    <>
      <ProjectChoice />
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
