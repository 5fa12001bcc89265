import { createHmac } from 'node:crypto';

import { type Message, messageOf } from '../messages/message.ts';
import type { Notice } from '../messages/notice.ts';
import { bodyVerdict } from './http-verdict.ts';
import type { Post, PostAnswer } from './post.ts';
import type { ChannelOf } from './settings.ts';
import type { Verdict } from './verdict.ts';

/**
 * A notice for a custom bot of Feishu or Lark: a card, whose texts are plain, so that no name is read as markup.
 * @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export function feishuPost({ url, secret, language }: ChannelOf<'feishu'>, notice: Notice, nowMs: number): Post {
  const seconds = String(Math.floor(nowMs / 1000));
  const signed = secret === undefined ? {} : { timestamp: seconds, sign: feishuSignature(seconds, secret) };
  return {
    url,
    body: JSON.stringify({ ...signed, msg_type: 'interactive', card: cardOf(messageOf(notice, language)) }),
  };
}

/** Time and secret are the key; what is signed is empty. */
function feishuSignature(seconds: string, secret: string): string {
  return createHmac('sha256', `${seconds}\n${secret}`).digest('base64');
}

/** The bot has sent too many messages: 100 in a minute, or 5 in a second. */
const PASSING = new Set([11_232]);

export function feishuVerdict(answer: PostAnswer, nowMs: number): Verdict {
  return bodyVerdict(answer, nowMs, { code: 'code', message: 'msg' }, PASSING);
}

function cardOf({ title, lines, state, severity, colon }: Message): object {
  const fields = lines.map(([label, value]) => ({
    is_short: false,
    text: { tag: 'plain_text', content: `${label}${colon}${value}` },
  }));
  return {
    config: { wide_screen_mode: true },
    header: { title: { tag: 'plain_text', content: title }, template: colourOf(state, severity) },
    elements: [{ tag: 'div', fields }],
  };
}

function colourOf(state: Message['state'], severity: Message['severity']): string {
  if (state !== 'firing') return 'green';
  return { info: 'blue', warning: 'orange', critical: 'red' }[severity];
}
