import type { Static } from 'typebox';

import { Text, section } from '../../config/fields.ts';
import { type ChannelSettings, ChannelsSettings, type SettingProblem, channelProblems } from './channels/settings.ts';
import { type AlertRule, RulesSettings, ruleProblems } from './rules/settings.ts';

export const AlertSettings = section(
  {
    source: Text({
      description: 'Which gateway it is, at the head of each message.',
      default: 'Causeway',
      examples: ['Causeway production'],
    }),
    channels: ChannelsSettings,
    rules: RulesSettings,
  },
  { description: 'Who is told when something is wrong: [alerts.md](alerts.md).' },
);

export type AlertSettings = Static<typeof AlertSettings>;

/** A rule or a channel of the file; undefined where a field of it had a problem of its own. */
export interface ReadAlerts {
  readonly channels: ReadonlyMap<string, ChannelSettings | undefined>;
  readonly rules: readonly (AlertRule | undefined)[];
}

/** What no single field can know, with its whole key: `channels.ops.url`, `rules[0].to[1]`. */
export function alertProblems({ channels, rules }: ReadAlerts): SettingProblem[] {
  const problems: SettingProblem[] = [];
  for (const [name, channel] of channels) {
    if (channel) problems.push(...within(`channels.${name}`, channelProblems(channel)));
  }
  const known = [...channels.keys()].join(', ');
  const seen = new Map<string, number>();
  for (const [at, rule] of rules.entries()) {
    if (!rule) continue;
    const key = `rules[${at}]`;
    problems.push(...within(key, [...ruleProblems(rule), ...channelsOf(rule, channels, known)]));
    const earlier = seen.get(rule.name);
    if (earlier === undefined) seen.set(rule.name, at);
    else problems.push({ key: `${key}.name`, message: `rules[${earlier}] has this name already; write another one` });
  }
  return problems;
}

function channelsOf({ to }: AlertRule, channels: ReadAlerts['channels'], known: string): SettingProblem[] {
  return to.flatMap((name, at) => {
    if (channels.has(name)) return [];
    const there = channels.size === 0 ? 'there are none; add it under alerts.channels' : `there are: ${known}`;
    return [{ key: `to[${at}]`, message: `there is no channel ${JSON.stringify(name)}; ${there}` }];
  });
}

function within(key: string, problems: readonly SettingProblem[]): SettingProblem[] {
  return problems.map((problem) => ({ ...problem, key: `${key}.${problem.key}` }));
}
