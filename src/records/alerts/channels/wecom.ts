import { messageOf } from '../messages/message.ts';
import type { Notice } from '../messages/notice.ts';
import { bodyVerdict } from './http-verdict.ts';
import { cutBytes, markdownOf } from './markdown.ts';
import type { Post, PostAnswer } from './post.ts';
import type { ChannelOf } from './settings.ts';
import type { Verdict } from './verdict.ts';

/** Of the Markdown, in UTF-8. */
const MAX_BYTES = 4096;

/**
 * A notice for a group robot of WeCom.
 * @see https://developer.work.weixin.qq.com/document/path/91770
 */
export function wecomPost({ url, language }: ChannelOf<'wecom'>, notice: Notice): Post {
  const content = cutBytes(markdownOf(messageOf(notice, language)), MAX_BYTES);
  return { url, body: JSON.stringify({ msgtype: 'markdown', markdown: { content } }) };
}

/** The system is busy, or the robot has sent more than 20 messages in a minute. */
const PASSING = new Set([-1, 45_009, 45_033]);

export function wecomVerdict(answer: PostAnswer, nowMs: number): Verdict {
  return bodyVerdict(answer, nowMs, { code: 'errcode', message: 'errmsg' }, PASSING);
}
