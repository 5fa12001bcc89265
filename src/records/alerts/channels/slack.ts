import { type Message, messageOf } from '../messages/message.ts';
import type { Notice } from '../messages/notice.ts';
import type { Post } from './post.ts';
import type { ChannelOf } from './settings.ts';

/** Most characters of a header, of a field, and most fields of a section. */
const HEADER_CHARS = 150;
const FIELD_CHARS = 2000;
const MOST_FIELDS = 10;

/**
 * A notice for an incoming webhook of Slack.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
export function slackPost({ url, language }: ChannelOf<'slack'>, notice: Notice): Post {
  const message = messageOf(notice, language);
  return { url, body: JSON.stringify({ text: escaped(message.title), blocks: blocksOf(message) }) };
}

function blocksOf({ title, lines, severity, state, colon }: Message): object[] {
  const header = `${markOf(state, severity)} ${title}`;
  const fields = lines.map(([label, value]) => ({
    type: 'mrkdwn',
    text: cut(`*${escaped(label)}${colon.trimEnd()}*\n${escaped(value)}`, FIELD_CHARS),
  }));
  const sections = [];
  for (let at = 0; at < fields.length; at += MOST_FIELDS) {
    sections.push({ type: 'section', fields: fields.slice(at, at + MOST_FIELDS) });
  }
  return [{ type: 'header', text: { type: 'plain_text', text: cut(header, HEADER_CHARS), emoji: true } }, ...sections];
}

function markOf(state: Message['state'], severity: Message['severity']): string {
  if (state !== 'firing') return ':white_check_mark:';
  return { info: ':information_source:', warning: ':warning:', critical: ':rotating_light:' }[severity];
}

/** These three signs make links and mentions (`<!channel>`); all others are text. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}
