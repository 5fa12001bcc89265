import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { WholeGateway } from '../../shell/whole-gateway.tsx';
import { Button } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { RolloutForm } from './rollout-form.tsx';
import { RolloutList } from './rollout-list.tsx';
import { KINDS, kindOf } from './wire.ts';

/** All that is tried. `?new=canaries&model=chat` opens the form, so that other pages can lead to it. */
export function Page() {
  const { t } = useTranslation('rollouts');
  return (
    <WholeGateway title={t('title')}>
      <Rollouts />
    </WholeGateway>
  );
}

function Rollouts() {
  const { t } = useTranslation(['rollouts', 'common']);
  const [search, change] = useSearchState();
  const mayEdit = useMay('editor');
  const create = kindOf(search['new']);
  const trigger = (
    <Button kind="primary" disabled={!mayEdit} title={mayEdit ? undefined : t('common:needsRole', { role: 'editor' })}>
      <Plus aria-hidden />
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        actions={
          <Menu trigger={trigger}>
            {KINDS.map((kind) => (
              <MenuItem key={kind} onSelect={() => change({ new: kind })}>
                {t(`one_${kind}`)}
              </MenuItem>
            ))}
          </Menu>
        }
      />
      <RolloutList />
      {create !== undefined && mayEdit ? (
        <RolloutForm
          key={create}
          kind={create}
          model={search['model']}
          onClose={() => change({ new: undefined, model: undefined })}
        />
      ) : null}
    </>
  );
}
