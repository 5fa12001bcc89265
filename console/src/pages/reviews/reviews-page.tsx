import { useTranslation } from 'react-i18next';

import { useSearchState } from '../../shell/search-state.ts';
import { Select } from '../../ui/field.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProjectChoice } from '../../shell/project-choice.tsx';
import { useProject } from '../safety/ask-verdicts.ts';
import { useSafetyTabs } from '../safety/tabs.ts';
import { NoMasterKey } from './no-master-key.tsx';
import { ReviewList } from './review-list.tsx';
import { STATES } from './wire.ts';

/** What waits for somebody, and what was decided. What waits is asked for first. */
export function Page() {
  const { t } = useTranslation('reviews');
  const [{ state = 'waiting' }] = useSearchState();
  const project = useProject();
  return (
    <>
      <PageHeader
        title={t('safety', { ns: 'shell' })}
        hint={t('hint')}
        pages={useSafetyTabs()}
        actions={<ProjectChoice />}
      />
      <NoMasterKey />
      <Panel title={t('queue')} actions={<StateChoice />} flush>
        <ReviewList key={`${state} ${project ?? ''}`} state={state === 'all' ? undefined : state} project={project} />
      </Panel>
    </>
  );
}

function StateChoice() {
  const { t } = useTranslation('reviews');
  const [{ state = 'waiting' }, change] = useSearchState();
  return (
    <Select
      aria-label={t('stateFilter')}
      value={state}
      onChange={({ target }) => change({ state: target.value === 'waiting' ? undefined : target.value })}
      className="w-36"
    >
      {STATES.map((one) => (
        <option key={one} value={one}>
          {t(`state.${one}`)}
        </option>
      ))}
      <option value="all">{t('allStates')}</option>
    </Select>
  );
}
