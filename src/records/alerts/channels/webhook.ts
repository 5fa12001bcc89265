import { createHmac } from 'node:crypto';

import { redactSecrets } from '../../../core/redaction.ts';
import type { Notice } from '../messages/notice.ts';
import { messageOf } from '../messages/message.ts';
import type { Post } from './post.ts';
import type { ChannelOf } from './settings.ts';
import { signingKey } from './signing-key.ts';

/**
 * A notice for a receiver of one's own: JSON, signed as Standard Webhooks says.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookPost(channel: ChannelOf<'webhook'>, notice: Notice, nowMs: number): Post {
  const body = webhookBody(notice, channel.language);
  const seconds = String(Math.floor(nowMs / 1000));
  const key = signingKey(channel.secret) ?? Buffer.alloc(0);
  const signature = createHmac('sha256', key).update(`${notice.id}.${seconds}.${body}`).digest('base64');
  const headers = {
    'webhook-id': notice.id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${signature}`,
  };
  return { url: channel.url, headers, body };
}

function webhookBody(notice: Notice, language: 'en' | 'zh'): string {
  const { state, at, source, alert, kind, severity, subject, evidence } = notice;
  const { title } = messageOf(notice, language);
  const data = { source, alert, kind, state, severity, subject, title, evidence };
  return redactSecrets(JSON.stringify({ type: `alert.${state}`, timestamp: new Date(at).toISOString(), data }));
}
