import { severityTone } from '../../events/event-badge.tsx';
import { Subject } from '../../events/subject.tsx';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Ago } from '../../ui/figures.tsx';
import { limitsOf, stateOf, worstOf } from './rule-state.ts';
import { type AlertWords, conditionText, severityText, valueText } from './rule-words.ts';
import { StateBadge } from './state-badge.tsx';
import type { Rule } from './wire.ts';

/** @param channels how many there are: a rule that tells all of them says so */
export function ruleColumns(t: AlertWords, channels: number): Column<Rule>[] {
  return [
    {
      id: 'state',
      header: t('state'),
      width: '6.5rem',
      cell: (rule) => <StateBadge state={stateOf(rule)} />,
    },
    {
      id: 'name',
      header: t('ruleName'),
      width: 'minmax(6rem, 9rem)',
      cell: (rule) => <span className="font-medium">{rule.name}</span>,
      sortBy: ({ name }) => name,
    },
    {
      id: 'when',
      header: t('whenTitle'),
      width: 'minmax(13rem, 2fr)',
      cell: (rule) => <Condition text={wholeCondition(rule, t)} />,
    },
    {
      id: 'severity',
      header: t('severity'),
      width: '4.5rem',
      cell: ({ settings }) => <Severity settings={settings} t={t} />,
    },
    {
      id: 'now',
      header: t('nowAndLimit'),
      align: 'right',
      width: '7.5rem',
      cell: (rule) => <NowAndLimit rule={rule} t={t} />,
    },
    {
      id: 'worst',
      header: t('worst'),
      width: 'minmax(7rem, 1fr)',
      cell: ({ readings }) => <Worst readings={readings} />,
    },
    {
      id: 'since',
      header: t('since'),
      width: '6rem',
      cell: ({ readings }) => <Ago at={worstOf(readings)?.since} />,
    },
    {
      id: 'to',
      header: t('to'),
      width: 'minmax(4rem, 6rem)',
      cell: (rule) => <span title={rule.channels.join(', ')}>{channelsText(rule, channels, t)}</span>,
    },
  ];
}

function channelsText({ channels: told }: Pick<Rule, 'channels'>, known: number, t: AlertWords): string {
  if (told.length === 0) return t('toNobody');
  return told.length === known && known > 1 ? t('toAll') : told.join(', ');
}

function wholeCondition(rule: Rule, t: AlertWords): string {
  const { only } = limitsOf(rule);
  return [conditionText(rule, t), ...only].join(' · ');
}

function Condition({ text }: { readonly text: string }) {
  return <span title={text}>{text}</span>;
}

function Severity({ settings, t }: Pick<Rule, 'settings'> & { readonly t: AlertWords }) {
  const { severity, atLeast } = limitsOf({ settings });
  // A rule about events has none of its own: it passes on those of the events.
  if (severity === undefined) return <span className="text-muted">≥ {severityText(atLeast, t)}</span>;
  return <Badge tone={severityTone(severity)}>{severityText(severity, t)}</Badge>;
}

function NowAndLimit({ rule, t }: { readonly rule: Rule; readonly t: AlertWords }) {
  const worst = worstOf(rule.readings);
  const { above } = limitsOf(rule);
  if (worst === undefined) return <>–</>;
  return (
    <>
      {valueText(rule.type, worst.value, t)}
      {above === undefined ? null : <span className="text-muted"> / {valueText(rule.type, above, t)}</span>}
    </>
  );
}

function Worst({ readings }: Pick<Rule, 'readings'>) {
  const worst = worstOf(readings);
  if (worst === undefined) return <>–</>;
  const others = readings.length - 1;
  return (
    <>
      <Subject subject={worst.subject} />
      {others === 0 ? null : <span className="text-muted"> +{others}</span>}
    </>
  );
}
