import { parseArgs } from 'node:util';

import type { Environment } from '../config/config.ts';
import { loadConfig, locateConfig } from '../config/load.ts';
import { systemClock } from '../core/clock.ts';
import { durationText } from '../core/units.ts';
import { sendOnce } from '../records/alerts/channels/send.ts';
import type { ChannelSettings } from '../records/alerts/channels/settings.ts';
import { testNotice } from '../records/alerts/delivery/outbox.ts';
import { valueText } from '../records/alerts/messages/message.ts';
import { rulesOf } from '../records/alerts/rule-set.ts';
import type { AlertRule } from '../records/alerts/rules/settings.ts';
import type { AlertSettings } from '../records/alerts/settings.ts';
import { type Command, UsageError, print } from './command.ts';

const HELP = `Usage: causeway alerts test [channel…] [--config <file>]
       causeway alerts check [--config <file>]

The built-in alerts of causeway.yaml. No gateway has to run, and no database is opened.

  test      send a test to each channel, or to those that are named, and say what became of it
  check     read the configuration, and list channels and rules

  --config  the configuration (default: CAUSEWAY_CONFIG, else ./causeway.yaml where there is one)

It ends with 0, with 1 where a test did not arrive or the configuration is wrong, and with 2 where the command is wrong.`;

const OPTIONS = {
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const alerts: Command = {
  async run(argv, env) {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    const [action, ...names] = positionals;
    if (values.help || action === undefined) {
      print(HELP);
      return values.help ? 0 : 2;
    }
    if (action === 'test') return testChannels(settingsOf(env, values.config), names);
    if (action !== 'check') throw new UsageError(`there is no "alerts ${action}"; there are test and check`);
    if (names.length > 0) throw new UsageError(`"${names[0]}" is one word too many`);
    print(alertsText(settingsOf(env, values.config)));
    return 0;
  },
};

function settingsOf(env: Environment, path: string | undefined): Readonly<AlertSettings> {
  return loadConfig({ ...locateConfig(env, path), env }).config.alerts;
}

async function testChannels({ channels, source }: Readonly<AlertSettings>, names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !channels.has(name));
  const known = [...channels.keys()].join(', ');
  if (unknown !== undefined) {
    throw new UsageError(
      `there is no channel "${unknown}"; ${known === '' ? 'there are none' : `there are: ${known}`}`,
    );
  }
  if (channels.size === 0) {
    print('There are no channels. Add one under alerts.channels of causeway.yaml.');
    return 1;
  }
  const asked = [...channels].filter(([name]) => names.length === 0 || names.includes(name));
  const results = await Promise.all(asked.map(([name, channel]) => testOne(name, channel, source)));
  return results.every((ok) => ok) ? 0 : 1;
}

const now = (): number => systemClock.now();

async function testOne(name: string, channel: ChannelSettings, source: string): Promise<boolean> {
  const verdict = await sendOnce(channel, testNotice(source, now()), { now });
  const ok = verdict.kind === 'sent';
  print(`${name} (${channel.type}): ${ok ? 'ok' : `failed: ${verdict.reason}`}`);
  return ok;
}

function alertsText(settings: Readonly<AlertSettings>): string {
  const { channels, rules } = settings;
  const inForce = rulesOf(settings);
  const names = [...channels].map(([name, { type, language }]) => `  ${name}  ${type}, ${language}`);
  const all = [...channels.keys()];
  return [
    channels.size === 0 ? 'Channels: none, so nothing is sent.' : 'Channels:',
    ...names,
    inForce.length === 0 ? 'Rules: none.' : `Rules${rules === undefined ? ' (the usual ones)' : ''}:`,
    ...inForce.map((rule) => `  ${ruleText(rule)} → ${(rule.to.length === 0 ? all : rule.to).join(', ') || 'nobody'}`),
  ].join('\n');
}

const UNITS: Readonly<Record<string, string>> = { 'error-rate': 'share', latency: 'ms', ttft: 'ms', cost: 'usd' };

function ruleText(rule: AlertRule): string {
  const parts = [
    'quantile' in rule ? rule.quantile : undefined,
    'above' in rule ? `above ${valueText(rule.above, UNITS[rule.type])}` : undefined,
    'window' in rule ? `over ${durationText(rule.window)}` : undefined,
    'for' in rule && rule.for > 0 ? `for ${durationText(rule.for)}` : undefined,
    'model' in rule ? `model ${rule.model}` : undefined,
    'project' in rule ? `project ${rule.project}` : undefined,
    'target' in rule ? `target ${rule.target}` : undefined,
    'kinds' in rule ? rule.kinds.join(', ') : undefined,
    'severity' in rule ? rule.severity : `at least ${rule.atLeast}`,
  ];
  return `${rule.name}  ${rule.type}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}
