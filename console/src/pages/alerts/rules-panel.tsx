import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { Code } from '../../ui/code.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { ruleColumns } from './rule-columns.tsx';
import { RuleDetail } from './rule-detail.tsx';
import { byState, stateOf } from './rule-state.ts';
import type { Channel, Rule } from './wire.ts';

const SNIPPET = `alerts:
  rules:
    - { name: errors, type: error-rate, above: 0.05, window: 10m, for: 5m }
    - { name: slow-chat, type: latency, quantile: p99, above: 20s, model: chat }
    - { name: spend, type: cost, above: 500, window: 24h, severity: critical }`;

interface RulesPanelProps {
  readonly rules: readonly Rule[];
  readonly channels: readonly Channel[];
}

/** The rules in force, those that fire first. */
export function RulesPanel({ rules, channels }: RulesPanelProps) {
  const { t } = useTranslation('alerts');
  const [chosen, setChosen] = useState<string>();
  const rows = useMemo(() => byState(rules), [rules]);
  const columns = useMemo(() => ruleColumns(t, channels.length), [t, channels.length]);
  const open = rows.find(({ name }) => name === chosen);
  const empty = (
    <Empty title={t('noRules')} className="max-w-3xl">
      <p>{t('noRulesHint')}</p>
      <Code text={SNIPPET} wrap className="mt-3 text-left" />
    </Empty>
  );
  return (
    <Panel title={t('rules')} hint={t('rulesHint')} actions={<Summary rules={rules} />} flush>
      <DataTable
        label={t('rules')}
        columns={columns}
        rows={rows}
        rowKey={({ name }) => name}
        onOpen={({ name }) => setChosen(name)}
        isChosen={({ name }) => name === chosen}
        empty={empty}
      />
      {open === undefined ? null : <RuleDetail rule={open} onClose={() => setChosen(undefined)} />}
    </Panel>
  );
}

function Summary({ rules }: { readonly rules: readonly Rule[] }) {
  const { t } = useTranslation('alerts');
  const states = rules.map(stateOf);
  const firing = states.filter((state) => state === 'firing').length;
  const pending = states.filter((state) => state === 'pending').length;
  if (rules.length === 0) return null;
  if (firing + pending === 0) return <Badge tone="good">{t('quiet')}</Badge>;
  return (
    <>
      {firing === 0 ? null : <Badge tone="bad">{t('firingCount', { count: firing })}</Badge>}
      {pending === 0 ? null : <Badge tone="warn">{t('pendingCount', { count: pending })}</Badge>}
    </>
  );
}
