import { createHmac } from 'node:crypto';

import { messageOf } from '../messages/message.ts';
import type { Notice } from '../messages/notice.ts';
import { bodyVerdict } from './http-verdict.ts';
import { cutBytes, markdownOf } from './markdown.ts';
import type { Post, PostAnswer } from './post.ts';
import type { ChannelOf } from './settings.ts';
import type { Verdict } from './verdict.ts';

/** A message has at most 20,000 bytes. */
const MAX_BYTES = 16_000;

/**
 * A notice for a custom robot of DingTalk; a robot with a secret wants its address signed.
 * @see https://open.dingtalk.com/document/robots/custom-robot-access
 */
export function dingTalkPost({ url, secret, language }: ChannelOf<'dingtalk'>, notice: Notice, nowMs: number): Post {
  const message = messageOf(notice, language);
  const markdown = { title: message.title, text: cutBytes(markdownOf(message), MAX_BYTES) };
  const address = secret === undefined ? url : signedAddress(url, secret, nowMs);
  return { url: address, body: JSON.stringify({ msgtype: 'markdown', markdown }) };
}

function signedAddress(url: string, secret: string, nowMs: number): string {
  const address = new URL(url);
  address.searchParams.set('timestamp', String(nowMs));
  address.searchParams.set('sign', dingTalkSignature(nowMs, secret));
  return address.href;
}

function dingTalkSignature(nowMs: number, secret: string): string {
  return createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64');
}

/** The system is busy, or the robot has sent more than 20 messages in a minute. */
const PASSING = new Set([-1, 90_030, 130_101, 410_100]);

export function dingTalkVerdict(answer: PostAnswer, nowMs: number): Verdict {
  return bodyVerdict(answer, nowMs, { code: 'errcode', message: 'errmsg' }, PASSING);
}
