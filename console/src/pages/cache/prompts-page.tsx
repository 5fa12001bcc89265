import { useTranslation } from 'react-i18next';

import { useSearchState } from '../../shell/search-state.ts';
import { WholeGateway } from '../../shell/whole-gateway.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { PromptGroup } from './prompt-group.tsx';
import { PromptGroups } from './prompt-groups.tsx';
import { useCacheTabs } from './tabs.ts';

const STATES = ['all', 'falling', 'low', 'ok'] as const;
type Chosen = (typeof STATES)[number];

/** How providers' own prompt caches are used, and what keeps prompts out of them. */
export function Page() {
  const { t } = useTranslation('cache');
  return (
    <WholeGateway title={t('title')} pages={useCacheTabs()}>
      <PromptCaches />
    </WholeGateway>
  );
}

function PromptCaches() {
  const { t } = useTranslation(['cache', 'common']);
  const [{ state, group }, change] = useSearchState();
  const chosen: Chosen = STATES.find((one) => one === state) ?? 'all';
  const filter = (
    <Segments<Chosen>
      label={t('common:status')}
      value={chosen}
      choices={STATES.map((one) => [one, one === 'all' ? t('common:all') : t(`prompt_${one}`)] as const)}
      onChange={(one) => change({ state: one === 'all' ? undefined : one })}
    />
  );
  return (
    <>
      <PageHeader title={t('title')} hint={t('doctorHint')} pages={useCacheTabs()} />
      <Panel title={t('groups')} hint={t('groupsHint')} actions={filter} flush>
        <PromptGroups state={chosen === 'all' ? undefined : chosen} onOpen={(id) => change({ group: id })} />
      </Panel>
      {group === undefined ? null : <PromptGroup id={group} onClose={() => change({ group: undefined })} />}
    </>
  );
}
