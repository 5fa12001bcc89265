import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { BarList } from '../../charts/bar-list.tsx';
import { compact } from '../../format/numbers.ts';
import type { TimeRange } from '../../shell/time-range.ts';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { useProject, useVerdicts } from './ask-verdicts.ts';
import { requestsSearch } from './requests-search.ts';
import { type NamedSum, findsBy } from './verdict-sums.ts';
import type { VerdictRow } from './wire.ts';

const MOST = 6;

interface TopFindsProps {
  /** By guard and verdict. */
  readonly rows: readonly VerdictRow[];
  readonly range: TimeRange;
}

/** Which guards, policies and projects most is found by and in. */
export function TopFinds({ rows, range }: TopFindsProps) {
  const { t } = useTranslation('safety');
  const policies = useVerdicts('policy,verdict', range);
  const projects = useVerdicts('project,verdict', range);
  const project = useProject();
  return (
    <div className="grid gap-4 lg:grid-cols-3">
      <Panel title={t('topGuards')}>
        <Bars
          sums={findsBy(rows, 'guard', MOST)}
          searchOf={(guard) => requestsSearch({ guard, project, range })}
          none={t('several')}
        />
      </Panel>
      <Panel title={t('topPolicies')}>
        <QueryView query={policies} skeleton={<RowsSkeleton rows={3} />}>
          {({ data }) => <Bars sums={findsBy(data, 'policy', MOST)} none={t('several')} />}
        </QueryView>
      </Panel>
      <Panel title={t('topProjects')}>
        <QueryView query={projects} skeleton={<RowsSkeleton rows={3} />}>
          {({ data }) => (
            <Bars
              sums={findsBy(data, 'project', MOST)}
              searchOf={(name) => requestsSearch({ project: name, range })}
              none="–"
            />
          )}
        </QueryView>
      </Panel>
    </div>
  );
}

interface BarsProps {
  readonly sums: readonly NamedSum[];
  /** Where a name leads to; nowhere where absent. */
  readonly searchOf?: (name: string) => Readonly<Record<string, string>>;
  /** For what has no name. */
  readonly none: string;
}

function Bars({ sums, searchOf, none }: BarsProps) {
  const { t } = useTranslation('safety');
  if (sums.length === 0) return <p className="text-[13px] text-muted">{t('noFinds')}</p>;
  const label = (name: NamedSum['name']) => {
    if (name === undefined) return t('others');
    if (name === null) return <span className="text-muted">{none}</span>;
    if (searchOf === undefined) return name;
    return (
      <Link to="/requests" search={searchOf(name)} className="hover:underline">
        {name}
      </Link>
    );
  };
  return (
    <BarList
      rows={sums.map(({ name, total }) => ({
        id: JSON.stringify([name ?? null, name === undefined]),
        label: label(name),
        value: total,
        text: compact(total),
      }))}
    />
  );
}
