import { SEVERITIES } from '../events/event.ts';
import { DEFAULT_RULES } from './rules/default-rules.ts';
import { type AlertRule, type EventRule, type LastingRule, kindsOf } from './rules/settings.ts';
import type { AlertSettings } from './settings.ts';

/** The rules in force. */
export interface RuleSet {
  readonly all: readonly AlertRule[];
  /** Those that are judged every few seconds. */
  readonly lasting: readonly LastingRule[];
  /** Those about one kind of event, that are about one as bad as that. */
  about(kind: string, severity: string): readonly EventRule[];
  /** The channels that a rule is sent to. */
  channelsOf(rule: AlertRule): readonly string[];
}

/** Rules that the file names; where it says nothing of them the usual ones, unless there is nobody to tell. */
export function rulesOf({ rules, channels }: Pick<AlertSettings, 'rules' | 'channels'>): readonly AlertRule[] {
  return rules ?? (channels.size === 0 ? [] : DEFAULT_RULES);
}

/** Made anew where the settings have changed. */
export function rulesInForce(settings: () => Readonly<AlertSettings>): () => RuleSet {
  let of: Readonly<AlertSettings> | undefined;
  let current: RuleSet | undefined;
  return () => {
    const now = settings();
    if (!current || now !== of) current = ruleSetOf(now);
    of = now;
    return current;
  };
}

function ruleSetOf(settings: Readonly<AlertSettings>): RuleSet {
  const all = rulesOf(settings);
  const ofEvents = all.filter((rule) => isEventRule(rule));
  return {
    all,
    lasting: all.filter((rule) => !isEventRule(rule)),
    about: (kind, severity) =>
      ofEvents.filter((rule) => kindsOf(rule).includes(kind) && rankOf(severity) >= rankOf(rule.atLeast)),
    channelsOf: ({ to }) => (to.length === 0 ? [...settings.channels.keys()] : to),
  };
}

function isEventRule(rule: AlertRule): rule is EventRule {
  return rule.type === 'budget' || rule.type === 'suspicious-use' || rule.type === 'event';
}

function rankOf(severity: string): number {
  return SEVERITIES.findIndex((one) => one === severity);
}
