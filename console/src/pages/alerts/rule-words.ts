import type { useTranslation } from 'react-i18next';

import { count, duration, money, share } from '../../format/numbers.ts';
import { span } from '../../format/spans.ts';
import { limitsOf } from './rule-state.ts';
import type { Rule } from './wire.ts';

export type AlertWords = ReturnType<typeof useTranslation<'alerts'>>['t'];

/** A value in the unit of a rule's type; a dash where there is none. */
export function valueText(type: string, value: number | null | undefined, t: AlertWords): string {
  if (value === null || value === undefined) return '–';
  switch (type) {
    case 'error-rate':
      return share(value);
    case 'latency':
    case 'ttft':
      return duration(value);
    case 'cost':
      return money(value);
    case 'breaker':
      return t(value > 0 ? 'breakerOpen' : 'breakerClosed');
    default:
      return count(value);
  }
}

/** When a rule comes true, in a sentence. */
export function conditionText(rule: Pick<Rule, 'type' | 'settings'>, t: AlertWords): string {
  const { above, windowMs, quantile = 'p95', atLeast, kinds } = limitsOf(rule);
  const limit = valueText(rule.type, above, t);
  const window = windowMs === undefined ? '' : span(windowMs);
  switch (rule.type) {
    case 'error-rate':
      return t('when.errorRate', { limit, window });
    case 'latency':
      return t('when.latency', { quantile, limit, window });
    case 'ttft':
      return t('when.ttft', { quantile, limit, window });
    case 'cost':
      return t('when.cost', { limit, window });
    case 'queue':
      return t('when.queue', { limit });
    case 'breaker':
      return t('when.breaker');
    case 'provider-keys':
      return t('when.providerKeys');
    case 'budget':
      return t('when.budget', { severity: severityText(atLeast, t) });
    case 'suspicious-use':
      return t('when.suspiciousUse', { severity: severityText(atLeast, t) });
    default:
      return t('when.event', { count: kinds.length, severity: severityText(atLeast, t) });
  }
}

export const SEVERITIES = ['info', 'warning', 'critical'] as const;

export function severityText(severity: string | undefined, t: AlertWords): string {
  const known = SEVERITIES.find((one) => one === severity);
  return known === undefined ? (severity ?? '–') : t(`severities.${known}`);
}
