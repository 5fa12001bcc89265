import { type Static, Type } from 'typebox';

import { Duration, Int, Num, Text, Usd, byType, choice, list, section, typeWord } from '../../../config/fields.ts';
import { EVENT_KINDS, type EventKind, SEVERITIES } from '../../events/event.ts';
import type { SettingProblem } from '../channels/settings.ts';

const name = Text({ description: 'Its name, in messages and in metrics.', examples: ['errors'] });

const to = list(Text({ description: 'The name of a channel.' }), {
  description: 'Channels that it is sent to. Left out: all of them.',
});

const cooldown = Duration({
  description: 'For how long the same is not sent again after it was sent, however often it comes and goes.',
  default: '30m',
});

/** Of rules that are true for a while. */
const lasting = (usualFor: string, usualSeverity: (typeof SEVERITIES)[number]) => ({
  name,
  for: Duration({
    description: 'How long it has to be so before it is told; and to be over before that is told.',
    default: usualFor,
  }),
  cooldown,
  severity: choice(SEVERITIES, { description: 'How bad it is.', default: usualSeverity }),
  to,
});

const model = Type.Optional(
  Text({ description: 'Only this model, by the name that clients ask for.', examples: ['chat'] }),
);
const project = Type.Optional(Text({ description: 'Only this project.', examples: ['support'] }));

/** Of rules about requests. Each model is judged for itself. */
const ofRequests = {
  ...lasting('5m', 'warning'),
  model,
  project,
  window: Duration({ description: 'Of how much time requests are looked at.', default: '5m' }),
  minimumRequests: Int({
    description: 'With fewer requests in that time nothing is said of them.',
    default: 20,
    minimum: 1,
    maximum: 1_000_000,
  }),
};

const quantile = choice(['p50', 'p90', 'p95', 'p99'], { description: 'Which of them.', default: 'p95' });

const ErrorRateRule = section({
  type: typeWord('error-rate', {
    description:
      'Too many requests fail by the fault of a provider or of the gateway. What clients do wrong is left out.',
  }),
  above: Num({ description: 'Part of the requests, 0 to 1.', minimum: 0, maximum: 1, default: 0.1 }),
  ...ofRequests,
});

const LatencyRule = section({
  type: typeWord('latency', { description: 'Answers take too long, from the first byte of a request to the last.' }),
  quantile,
  above: Duration({ description: 'How long.', default: '10s' }),
  ...ofRequests,
});

const TtftRule = section({
  type: typeWord('ttft', { description: 'Streamed answers begin too late.' }),
  quantile,
  above: Duration({ description: 'How late.', default: '5s' }),
  ...ofRequests,
});

const CostRule = section({
  type: typeWord('cost', { description: 'All replicas together spend too much in a time.' }),
  above: Usd({ description: 'Dollars.', default: 100 }),
  window: Duration({ description: 'In which time.', default: '1h' }),
  model,
  project,
  ...lasting('0s', 'warning'),
});

const target = Type.Optional(Text({ description: 'Only this target.', examples: ['openai/gpt-5-mini'] }));

const QueueRule = section({
  type: typeWord('queue', { description: 'Too many requests wait for a place at a target.' }),
  above: Int({ description: 'How many.', default: 100, minimum: 0, maximum: 1_000_000 }),
  target,
  ...lasting('1m', 'warning'),
});

const BreakerRule = section({
  type: typeWord('breaker', { description: 'A target fails and is left alone: its breaker is open.' }),
  target,
  ...lasting('1m', 'critical'),
});

const KeysRule = section({
  type: typeWord('provider-keys', { description: 'A provider refuses a key of ours (401, 402, 403).' }),
  ...lasting('0s', 'critical'),
});

const ofEvents = {
  name,
  atLeast: choice(SEVERITIES, { description: 'Only those that are at least that bad.', default: 'warning' }),
  cooldown,
  to,
};

const BudgetRule = section({
  type: typeWord('budget', { description: 'A budget has reached one of its thresholds (`alertAt`).' }),
  ...ofEvents,
});

const SuspiciousRule = section({
  type: typeWord('suspicious-use', { description: 'A client is used in a way that is suspicious (`vigilance`).' }),
  ...ofEvents,
});

/** Kinds of events that a rule can name; a rule's own are not among them. */
const KINDS = Object.keys(EVENT_KINDS).filter((kind) => kind !== 'alert');

const EventRule = section({
  type: typeWord('event', { description: 'Something that GET /admin/v1/events shows.' }),
  kinds: list(choice(KINDS, { description: 'A kind of event.' }), { description: 'Which kinds.', minItems: 1 }),
  ...ofEvents,
});

const RuleSetting = byType([
  ErrorRateRule,
  LatencyRule,
  TtftRule,
  CostRule,
  QueueRule,
  BreakerRule,
  KeysRule,
  BudgetRule,
  SuspiciousRule,
  EventRule,
]);

export type AlertRule = Static<typeof RuleSetting>;
export type RuleOf<Kind extends AlertRule['type']> = Extract<AlertRule, { readonly type: Kind }>;
/** Rules about something that is so for a while, and is over then. */
export type LastingRule = Exclude<AlertRule, RuleOf<'budget' | 'suspicious-use' | 'event'>>;
export type RequestRule = RuleOf<'error-rate' | 'latency' | 'ttft'>;
export type EventRule = Exclude<AlertRule, LastingRule>;

export const RulesSettings = Type.Optional(
  list(RuleSetting, {
    description: 'What is told of. Left out: [the usual rules](alerts.md#the-usual-rules); empty: nothing.',
  }),
);

/** Which kinds of events a rule is about. */
export function kindsOf(rule: EventRule): readonly string[] {
  if (rule.type === 'event') return rule.kinds;
  const kind: EventKind = rule.type === 'budget' ? 'budget_threshold' : 'suspicious_use';
  return [kind];
}

const NAME = /^[\w.-]{1,64}$/;
const SHORTEST_WINDOW_MS = 30_000;
const LONGEST_WINDOW_MS = 86_400_000;

/** What is wrong with a rule whose fields are each right. */
export function ruleProblems(rule: AlertRule): SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (!NAME.test(rule.name)) {
    problems.push({ key: 'name', message: 'write up to 64 letters, digits, "-", "_" and ".", e.g. errors' });
  }
  if ('minimumRequests' in rule && (rule.window < SHORTEST_WINDOW_MS || rule.window > LONGEST_WINDOW_MS)) {
    problems.push({ key: 'window', message: 'requests are looked at over 30s to 24h; write a time between, e.g. 5m' });
  }
  if (rule.type === 'cost' && rule.window < SHORTEST_WINDOW_MS) {
    problems.push({ key: 'window', message: 'too short to sum up costs; write at least 30s, e.g. 1h' });
  }
  if ('for' in rule && rule.for > LONGEST_WINDOW_MS) {
    problems.push({ key: 'for', message: 'nobody would be told for over a day; write at most 24h, e.g. 5m' });
  }
  if (rule.type === 'error-rate' && rule.above === 1) {
    problems.push({ key: 'above', message: 'more than all requests cannot fail; write less than 1, e.g. 0.1' });
  }
  return problems;
}
