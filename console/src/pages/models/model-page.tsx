import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { WholeGateway } from '../../shell/whole-gateway.tsx';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { Empty } from '../../ui/states.tsx';
import { ExplainPanel } from './explain-panel.tsx';
import { HealthBadge } from './health-badge.tsx';
import { modelHealth } from './health.ts';
import { ModelFiguresView } from './model-figures.tsx';
import { ModelSettings } from './model-settings.tsx';
import { ModelTrying } from './model-trying.tsx';
import { ModelWay } from './model-way.tsx';
import { RouteActions } from './route-actions.tsx';
import { TargetList } from './target-list.tsx';
import { useHealth, useModels } from './use-models.ts';
import type { Model } from './wire.ts';

/** One virtual model: how it is, where its requests go, and what can be changed of that. */
export function Page() {
  const { model = '' } = useParams({ strict: false });
  return (
    <WholeGateway title={model}>
      <FoundModel model={model} />
    </WholeGateway>
  );
}

function FoundModel({ model }: { readonly model: string }) {
  const { t } = useTranslation('models');
  const query = useModels();
  return (
    <QueryView query={query} skeleton={<PageSkeleton />}>
      {({ data }) => {
        const found = data.find(({ name }) => name === model);
        return found === undefined ? (
          <>
            <PageHeader title={model} />
            <Empty
              title={t('noSuchModel', { model })}
              action={
                <Button asChild>
                  <Link to="/models">{t('allModels')}</Link>
                </Button>
              }
            />
          </>
        ) : (
          <ModelView key={found.name} model={found} />
        );
      }}
    </QueryView>
  );
}

function ModelView({ model }: { readonly model: Model }) {
  const { t } = useTranslation('models');
  const health = modelHealth(model, useHealth());
  const targets = new Set(model.targets.map(({ target }) => target));
  const title = (
    <span className="flex items-center gap-3">
      <span className="truncate">{model.name}</span>
      <HealthBadge health={health} />
    </span>
  );
  return (
    <>
      <PageHeader
        title={title}
        hint={t('modelHint')}
        actions={
          <>
            <Button asChild>
              <Link to="/requests" search={{ virtual_model: model.name }}>
                {t('itsRequests')}
              </Link>
            </Button>
            <Button asChild>
              <Link to="/models">{t('allModels')}</Link>
            </Button>
          </>
        }
      />
      <div className="grid gap-4">
        <ModelFiguresView model={model.name} />
        <ModelWay model={model} actions={<RouteActions model={model} />} />
        <TargetList search="" only={targets} />
        <div className="grid gap-4 xl:grid-cols-2">
          <div className="grid min-w-0 content-start gap-4">
            <ModelTrying model={model} />
            <ExplainPanel model={model.name} />
          </div>
          <ModelSettings model={model} />
        </div>
      </div>
    </>
  );
}
