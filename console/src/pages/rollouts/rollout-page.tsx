import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { WholeGateway } from '../../shell/whole-gateway.tsx';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty } from '../../ui/states.tsx';
import { CanaryView } from './canary-view.tsx';
import { ExperimentView } from './experiment-view.tsx';
import { FlagView } from './flag-view.tsx';
import { ShadowView } from './shadow-view.tsx';
import { kindOf } from './wire.ts';

const VIEWS = { canaries: CanaryView, experiments: ExperimentView, shadows: ShadowView, flags: FlagView };

/** One that is tried, looked at every five seconds. */
export function Page() {
  const { t } = useTranslation('rollouts');
  const { kind, id = '' } = useParams({ strict: false });
  const known = kindOf(kind);
  if (known === undefined) {
    return (
      <>
        <PageHeader title={id} />
        <Empty
          title={t('noSuchKind')}
          action={
            <Button asChild>
              <Link to="/rollouts">{t('all')}</Link>
            </Button>
          }
        />
      </>
    );
  }
  const View = VIEWS[known];
  return (
    <WholeGateway title={id}>
      <View key={id} id={id} />
    </WholeGateway>
  );
}
