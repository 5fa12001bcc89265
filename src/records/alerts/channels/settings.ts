import { isIP } from 'node:net';

import { type Static, Type } from 'typebox';

import { Flag, Int, Secret, Text, byType, choice, list, named, section, typeWord } from '../../../config/fields.ts';
import { writtenRefusal } from '../../../core/outbound-address.ts';
import { signingKey } from './signing-key.ts';

const common = {
  language: choice(['en', 'zh'], { description: 'The language of its messages.', default: 'en' }),
  allowPrivate: Flag({
    description:
      'Its address may be a private one, or of this machine, and may be plain http. The addresses that give out credentials of cloud machines are refused all the same.',
    default: false,
  }),
};

const WebhookSettings = section({
  type: typeWord('webhook', { description: 'Your own receiver: JSON, signed as Standard Webhooks says.' }),
  url: Secret({ description: 'Where it is sent.', examples: ['https://ops.example.com/causeway'] }),
  secret: Secret({
    description: 'What it is signed with: whsec_ and the base64 of 24 to 64 bytes.',
    examples: ['${ALERT_WEBHOOK_SECRET}'],
  }),
  ...common,
});

const SlackSettings = section({
  type: typeWord('slack', { description: 'A channel of Slack.' }),
  url: Secret({ description: 'The address of the incoming webhook.', examples: ['${SLACK_WEBHOOK_URL}'] }),
  ...common,
});

const FeishuSettings = section({
  type: typeWord('feishu', { description: 'A group of Feishu (飞书) or Lark, by a custom bot.' }),
  url: Secret({ description: "The bot's webhook address.", examples: ['${FEISHU_WEBHOOK_URL}'] }),
  secret: Type.Optional(Secret({ description: "The bot's secret, where it verifies signatures (签名校验)." })),
  ...common,
});

const DingTalkSettings = section({
  type: typeWord('dingtalk', { description: 'A group of DingTalk (钉钉), by a custom robot.' }),
  url: Secret({ description: "The robot's webhook address.", examples: ['${DINGTALK_WEBHOOK_URL}'] }),
  secret: Type.Optional(Secret({ description: "The robot's secret, where it verifies signatures (加签): SEC…" })),
  ...common,
});

const WecomSettings = section({
  type: typeWord('wecom', { description: 'A group of WeCom (企业微信), by a group robot.' }),
  url: Secret({ description: "The robot's webhook address.", examples: ['${WECOM_WEBHOOK_URL}'] }),
  ...common,
});

const EmailSettings = section({
  type: typeWord('email', { description: 'E-mail, by an SMTP server.' }),
  host: Text({ description: 'The SMTP server.', examples: ['smtp.example.com'] }),
  port: Int({ description: 'Its port.', default: 587, minimum: 1, maximum: 65_535 }),
  tls: choice(['starttls', 'implicit', 'none'], {
    description:
      'How the connection is encrypted: after a word in the clear (587), from the beginning (465), or not at all.',
    default: 'starttls',
  }),
  user: Type.Optional(Text({ description: 'Who signs in, if anybody does.' })),
  password: Type.Optional(Secret({ description: 'With what.', examples: ['${SMTP_PASSWORD}'] })),
  from: Text({ description: 'The sender.', examples: ['Causeway <causeway@example.com>'] }),
  to: list(Text({ description: 'An address.', examples: ['ops@example.com'] }), {
    description: 'Who gets it.',
    minItems: 1,
  }),
  ...common,
});

export const ChannelSettings = byType([
  WebhookSettings,
  SlackSettings,
  FeishuSettings,
  DingTalkSettings,
  WecomSettings,
  EmailSettings,
]);

export type ChannelSettings = Static<typeof ChannelSettings>;
export type ChannelOf<Kind extends ChannelSettings['type']> = Extract<ChannelSettings, { readonly type: Kind }>;

export const ChannelsSettings = named(ChannelSettings, {
  description: 'Where alerts are sent, by a name of your choice. Without one nothing is sent.',
  names: /^[\w-]{1,64}$/,
  namesAre: 'a name of letters, digits, "-" and "_", e.g. ops',
});

/** Something that no single field can know. */
export interface SettingProblem {
  /** The field at fault; empty for all of it. */
  readonly key: string;
  readonly message: string;
}

/** What is wrong with a channel whose fields are each right. No message quotes an address, since it is a credential. */
export function channelProblems(channel: ChannelSettings): SettingProblem[] {
  if (channel.type === 'email') return emailProblems(channel);
  const problems = urlProblems(channel.url, channel.allowPrivate);
  if (channel.type === 'webhook' && !signingKey(channel.secret)) {
    const message =
      'not a signing secret; write whsec_ and the base64 of 24 to 64 random bytes, as from: openssl rand -base64 32';
    problems.push({ key: 'secret', message });
  }
  return problems;
}

const urlProblem = (message: string): SettingProblem[] => [{ key: 'url', message }];

function urlProblems(text: string, allowPrivate: boolean): SettingProblem[] {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return urlProblem('not an address; write the one that the receiver shows, beginning with https://');
  }
  if (url.username !== '' || url.password !== '') return urlProblem('has a user or a password in it; remove them');
  if (url.protocol === 'http:' && !allowPrivate) {
    return urlProblem('would be sent in the clear; write https://, or allowPrivate: true for a receiver of your own');
  }
  return hostProblems('url', url.hostname, allowPrivate);
}

function hostProblems(key: string, host: string, allowPrivate: boolean): SettingProblem[] {
  const refusal = writtenRefusal(host, { allowPrivate });
  if (!refusal) return [];
  const remedy = refusal.isForGood ? '' : '; write allowPrivate: true if that is meant';
  return [{ key, message: `the address ${refusal.why}${remedy}` }];
}

const ADDRESS = /^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

function emailProblems(channel: ChannelOf<'email'>): SettingProblem[] {
  const { host, user, password, tls, from, to, allowPrivate } = channel;
  const problems = hostProblems('host', host, allowPrivate);
  if (isIP(host) === 0 && !/^[\w.-]+$/.test(host)) {
    problems.push({ key: 'host', message: 'not the name of a server; write it without a scheme or a port' });
  }
  if ((user === undefined) !== (password === undefined)) {
    const missing = user === undefined ? 'user' : 'password';
    problems.push({ key: missing, message: 'missing; write both user and password, or neither' });
  }
  if (password !== undefined && tls === 'none') {
    problems.push({ key: 'tls', message: 'would send the password in the clear; write starttls or implicit' });
  }
  const addresses: [key: string, address: string][] = [
    ['from', from],
    ...to.map((address, at): [string, string] => [`to[${at}]`, address]),
  ];
  for (const [key, address] of addresses) {
    if (ADDRESS.test(address)) continue;
    problems.push({ key, message: 'not an e-mail address; write ops@example.com or Name <ops@example.com>' });
  }
  return problems;
}
