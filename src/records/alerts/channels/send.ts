import { REDACTED, redactSecrets } from '../../../core/redaction.ts';
import type { Notice } from '../messages/notice.ts';
import { dingTalkPost, dingTalkVerdict } from './dingtalk.ts';
import { sendEmail } from './email.ts';
import { feishuPost, feishuVerdict } from './feishu.ts';
import { RefusedAddressError, type Resolve } from './guarded-socket.ts';
import { statusVerdict } from './http-verdict.ts';
import { type Post, type PostAnswer, post } from './post.ts';
import type { ChannelOf, ChannelSettings } from './settings.ts';
import { slackPost } from './slack.ts';
import { type Verdict, said } from './verdict.ts';
import { webhookPost } from './webhook.ts';
import { wecomPost, wecomVerdict } from './wecom.ts';

export interface SendDeps {
  readonly now: () => number;
  /** The system's where absent. */
  readonly resolve?: Resolve | undefined;
}

/** Tries once to send a notice to a channel. Never throws; what it says of a failure holds no secret of the channel. */
export async function sendOnce(channel: ChannelSettings, notice: Notice, deps: SendDeps): Promise<Verdict> {
  const verdict = await tried(channel, notice, deps);
  return verdict.kind === 'sent' ? verdict : { ...verdict, reason: withoutSecrets(verdict.reason, channel) };
}

async function tried(channel: ChannelSettings, notice: Notice, deps: SendDeps): Promise<Verdict> {
  try {
    if (channel.type === 'email') return await sendEmail(channel, notice, deps.resolve);
    const answer = await post(postOf(channel, notice, deps.now()), { ...channel, resolve: deps.resolve });
    return verdictOf(channel, answer, deps.now());
  } catch (thrown) {
    if (thrown instanceof RefusedAddressError) return { kind: 'refused', reason: thrown.message };
    return { kind: 'later', reason: said(failureText(thrown)) };
  }
}

type HttpChannel = Exclude<ChannelSettings, ChannelOf<'email'>>;

function postOf(channel: HttpChannel, notice: Notice, nowMs: number): Post {
  switch (channel.type) {
    case 'webhook':
      return webhookPost(channel, notice, nowMs);
    case 'slack':
      return slackPost(channel, notice);
    case 'feishu':
      return feishuPost(channel, notice, nowMs);
    case 'dingtalk':
      return dingTalkPost(channel, notice, nowMs);
    default:
      return wecomPost(channel, notice);
  }
}

function verdictOf({ type }: HttpChannel, answer: PostAnswer, nowMs: number): Verdict {
  if (type === 'feishu') return feishuVerdict(answer, nowMs);
  if (type === 'dingtalk') return dingTalkVerdict(answer, nowMs);
  if (type === 'wecom') return wecomVerdict(answer, nowMs);
  return statusVerdict(answer, nowMs);
}

/** Where several addresses were tried, the error of all of them has no words of its own. */
function failureText(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '') return failureText(thrown.errors[0]);
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
}

/** A receiver may repeat what it was sent, and its address is a credential. */
function withoutSecrets(text: string, channel: ChannelSettings): string {
  let clean = redactSecrets(text);
  for (const secret of secretsOf(channel)) clean = clean.replaceAll(secret, REDACTED);
  return clean;
}

const SHORTEST_SECRET = 6;

function secretsOf(channel: ChannelSettings): readonly string[] {
  if (channel.type === 'email') return present([channel.password]);
  const { pathname, searchParams } = new URL(channel.url);
  const signing = 'secret' in channel ? channel.secret : undefined;
  const bare = signing?.replace(/^whsec_/, '');
  const tokens = pathname.split('/').filter((part) => /[\dA-Z]/.test(part));
  return present([channel.url, signing, bare, ...searchParams.values(), ...tokens]);
}

/** The longest first, so that no part of one is left. */
function present(secrets: readonly (string | undefined)[]): readonly string[] {
  return secrets
    .filter((secret) => secret !== undefined)
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .toSorted((one, other) => other.length - one.length);
}
