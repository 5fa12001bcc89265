import { useTranslation } from 'react-i18next';

import { useSearchState } from '../../shell/search-state.ts';
import { WholeGateway } from '../../shell/whole-gateway.tsx';
import { Input } from '../../ui/field.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ModelList } from './model-list.tsx';
import { TargetList } from './target-list.tsx';

/** Names that applications ask for, and who answers behind them. */
export function Page() {
  const { t } = useTranslation('models');
  return (
    <WholeGateway title={t('title')}>
      <Models />
    </WholeGateway>
  );
}

function Models() {
  const { t } = useTranslation(['models', 'common']);
  const [{ q = '' }, change] = useSearchState();
  const search = (
    <Input
      type="search"
      aria-label={t('common:search')}
      placeholder={t('searchHint')}
      value={q}
      onChange={({ target }) => change({ q: target.value })}
      className="w-64"
    />
  );
  return (
    <>
      <PageHeader title={t('title')} hint={t('hint')} actions={search} />
      <div className="grid gap-4">
        <ModelList search={q.trim().toLowerCase()} />
        <TargetList search={q.trim().toLowerCase()} />
      </div>
    </>
  );
}
