import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { EventKind } from '../../events/event-badge.tsx';
import { count } from '../../format/numbers.ts';
import { span } from '../../format/spans.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { type Fact, FactsGrid } from '../../ui/facts-grid.tsx';
import { Readings } from './rule-readings.tsx';
import { type RuleLimits, limitsOf, stateOf } from './rule-state.ts';
import { type AlertWords, conditionText, severityText } from './rule-words.ts';
import { StateBadge } from './state-badge.tsx';
import type { Rule } from './wire.ts';

/** One rule: its settings, and all that it sees. */
export function RuleDetail({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  const { t } = useTranslation('alerts');
  const limits = limitsOf(rule);
  const links = (
    <>
      <Button asChild>
        <Link to="/alerts/events" search={{ kind: limits.kinds.length === 1 ? (limits.kinds[0] ?? '') : kindOf(rule) }}>
          {t('itsEvents')}
        </Link>
      </Button>
      <Button asChild>
        <Link to="/alerts/deliveries" search={{ alert: rule.name }}>
          {t('itsDeliveries')}
        </Link>
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} side title={rule.name} hint={t('ruleHint', { type: rule.type })} actions={links}>
      <p className="flex items-baseline gap-2 text-[13px]">
        <StateBadge state={stateOf(rule)} /> {conditionText(rule, t)}
      </p>
      <FactsGrid facts={factsOf(rule, limits, t)} narrow />
      <section>
        <h3 className="mb-1 text-sm font-semibold">{t('seen')}</h3>
        {stateOf(rule) === 'events' ? <Kinds kinds={limits.kinds} fallback={kindOf(rule)} /> : <Readings rule={rule} />}
      </section>
    </Dialog>
  );
}

/** The kind of event by which a rule is told. */
function kindOf({ type }: Pick<Rule, 'type'>): string {
  if (type === 'budget') return 'budget_threshold';
  if (type === 'suspicious-use') return 'suspicious_use';
  return type === 'event' ? '' : 'alert';
}

function factsOf(rule: Rule, limits: RuleLimits, t: AlertWords): Fact[] {
  const { windowMs, forMs, cooldownMs, minimumRequests, severity, atLeast, only } = limits;
  const known: readonly (readonly [name: string, value: ReactNode | undefined])[] = [
    [t('facts.severity'), severity && severityText(severity, t)],
    [t('facts.atLeast'), atLeast && severityText(atLeast, t)],
    [t('facts.window'), windowMs && span(windowMs)],
    [t('facts.for'), forMs && span(forMs)],
    [t('facts.cooldown'), cooldownMs && span(cooldownMs)],
    [t('facts.minimumRequests'), minimumRequests && count(minimumRequests)],
    [t('facts.only'), only.length > 0 && only.join(', ')],
    [t('facts.channels'), rule.channels.join(', ') || t('toNobody')],
    [t('facts.origin'), <Origin key="origin" origin={rule.origin} />],
  ];
  return known.flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

function Origin({ origin }: { readonly origin: string }) {
  const { t } = useTranslation('alerts');
  if (origin !== 'default') return <>{t('originFile')}</>;
  return <span title={t('originDefaultHint')}>{t('originDefault')}</span>;
}

function Kinds({ kinds, fallback }: { readonly kinds: readonly string[]; readonly fallback: string }) {
  const { t } = useTranslation('alerts');
  const all = kinds.length === 0 ? [fallback] : kinds;
  return (
    <>
      <p className="text-[13px] text-muted">{t('seenEvents')}</p>
      <ul className="mt-2 flex flex-wrap gap-1.5">
        {all.map((kind) => (
          <li key={kind}>
            <Badge>
              <EventKind kind={kind} />
            </Badge>
          </li>
        ))}
      </ul>
    </>
  );
}
