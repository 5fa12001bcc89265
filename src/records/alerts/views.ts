import { type Static, type TSchema, Type } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import type { DeliveryRow } from './delivery/delivery-store.ts';
import type { ChannelTest } from './delivery/outbox.ts';
import type { RuleSet } from './rule-set.ts';
import type { AlertReading } from './rules/rule-engine.ts';
import type { AlertRule } from './rules/settings.ts';
import type { AlertSettings } from './settings.ts';

const text = (description: string) => Type.String({ description });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const ReadingView = Type.Object({
  subject: text('What it is about, e.g. model:chat'),
  state: text('ok, pending, firing'),
  since: text('RFC 3339'),
  value: orNull(Type.Number({ description: 'As it was last seen: a part, milliseconds, dollars or a number' })),
});
const RuleView = Type.Object({
  name: Type.String(),
  type: Type.String(),
  settings: Type.Unknown({ description: 'As in causeway.yaml; times in milliseconds' }),
  origin: text('file: written in causeway.yaml; default: one of the usual rules, since the file names none'),
  channels: Type.Array(Type.String(), { description: 'Whom it is sent to' }),
  readings: Type.Array(ReadingView, { description: 'What it has seen lately in this replica' }),
});
const ChannelView = Type.Object({ name: Type.String(), type: Type.String(), language: text('en, zh') });

export const AlertsView = Type.Object({
  data: Type.Array(RuleView),
  channels: Type.Array(ChannelView),
  waiting: Type.Integer({ description: 'Messages of this replica that are not sent yet, or wait to be tried again' }),
});

export const DeliveryView = Type.Object({
  id: Type.String(),
  at: text('When it was sent or given up, RFC 3339'),
  alert: text('The name of the rule'),
  subject: Type.String(),
  state: text('firing, resolved, test'),
  channel: Type.String(),
  outcome: text('sent, failed'),
  attempts: Type.Integer(),
  error: orNull(text('Why it failed')),
});

export const TestView = Type.Object({
  data: Type.Array(Type.Object({ channel: Type.String(), ok: Type.Boolean(), error: orNull(text('Why it failed')) })),
});

export interface AlertsShown {
  readonly rules: RuleSet;
  readonly settings: Pick<AlertSettings, 'rules' | 'channels'>;
  readonly waiting: number;
  readonly readings: (rule: string) => Iterable<AlertReading>;
  readonly clock: Clock;
}

/** Rules and channels as the admin API shows them, without an address or a secret. */
export function alertsView(shown: AlertsShown): Static<typeof AlertsView> {
  const { rules, settings, waiting, readings, clock } = shown;
  const now = clock.now();
  const origin = settings.rules === undefined ? 'default' : 'file';
  return {
    data: rules.all.map((rule) => ({
      name: rule.name,
      type: rule.type,
      settings: settingsOf(rule),
      origin,
      channels: [...rules.channelsOf(rule)],
      readings: [...readings(rule.name)].map((reading) => readingView(reading, now)),
    })),
    channels: [...settings.channels].map(([name, { type, language }]) => ({ name, type, language })),
    waiting,
  };
}

function settingsOf({ name: _name, type: _type, to: _to, ...settings }: AlertRule): object {
  return settings;
}

function readingView({ subject, phase, forMs, value }: AlertReading, now: number): Static<typeof ReadingView> {
  return { subject, state: phase, since: new Date(now - forMs).toISOString(), value: value ?? null };
}

export function deliveryView({ at, ...row }: DeliveryRow): Static<typeof DeliveryView> {
  return { ...row, at: at.toISOString() };
}

export function testView(tests: readonly ChannelTest[]): Static<typeof TestView> {
  return { data: tests.map(({ channel, ok, error }) => ({ channel, ok, error: error ?? null })) };
}
