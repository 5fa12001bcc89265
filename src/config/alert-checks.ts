import { alertProblems } from '../records/alerts/settings.ts';
import type { ChannelSettings } from '../records/alerts/channels/settings.ts';
import type { AlertRule } from '../records/alerts/rules/settings.ts';
import { type Problem, joinKey } from './problems.ts';
import type { Draft, TreeReader } from './read-tree.ts';
import type { FileSettings } from './schema.ts';

/**
 * What no single field of alerts can know. A rule or channel of which a field had a problem of its own is passed over.
 * @param found what is known to be wrong by now
 */
export function checkAlerts(
  { alerts }: Draft<FileSettings>,
  reader: TreeReader,
  found: readonly Pick<Problem, 'key'>[],
): void {
  if (!alerts) return;
  const isWrong = (key: string): boolean => found.some((one) => one.key === key || one.key.startsWith(`${key}.`));
  const channels = new Map<string, ChannelSettings | undefined>();
  for (const [name, channel] of alerts.channels ?? []) {
    const isWhole = channel && !isWrong(joinKey('alerts.channels', name));
    channels.set(name, isWhole ? (channel as ChannelSettings) : undefined);
  }
  const rules = (alerts.rules ?? []).map((rule, at) =>
    rule && !isWrong(`alerts.rules[${at}]`) ? (rule as AlertRule) : undefined,
  );
  for (const { key, message } of alertProblems({ channels, rules })) {
    reader.report(`alerts.${key}`, message, `alerts.${key.slice(0, key.lastIndexOf('.'))}`);
  }
}
