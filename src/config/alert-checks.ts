import { alertProblems } from '../records/alerts/settings.ts';
import type { ChannelSettings } from '../records/alerts/channels/settings.ts';
import type { AlertRule } from '../records/alerts/rules/settings.ts';
import { type Draft, type TreeReader, isWhole } from './read-tree.ts';
import type { FileSettings } from './schema.ts';

/** What no single field of alerts can know. A rule or channel of which a field had a problem of its own is passed over. */
export function checkAlerts({ alerts }: Draft<FileSettings>, reader: TreeReader): void {
  if (!alerts) return;
  const channels = new Map<string, ChannelSettings | undefined>();
  for (const [name, channel] of alerts.channels ?? []) {
    channels.set(name, channel && isWhole<ChannelSettings>(channel) ? channel : undefined);
  }
  const rules = (alerts.rules ?? []).map((rule) => (rule && isWhole<AlertRule>(rule) ? rule : undefined));
  for (const { key, message } of alertProblems({ channels, rules })) {
    reader.report(`alerts.${key}`, message, `alerts.${key.slice(0, key.lastIndexOf('.'))}`);
  }
}
