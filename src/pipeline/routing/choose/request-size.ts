import type { Call } from '../../../core/call.ts';
import { readTexts } from '../complexity/read-texts.ts';

/** Bytes that make about one token, in English as in Chinese. */
const BYTES_A_TOKEN = 4;
/** The same of characters where there are bytes of other things in the body. */
const CHARS_A_TOKEN = 3;
/** About what a picture, a page or a minute of sound is. */
const MEDIA_TOKENS = 1000;

/**
 * About how many tokens a request has, to compare targets: from its length alone, without the bytes of pictures and
 * files. Good to a factor of two.
 */
export function inputTokensOf(call: Call): number {
  const { needs, body, dialect, operation } = call;
  const hasMedia = needs.vision || needs.documents || needs.audioInput;
  if (operation !== 'chat' || (!hasMedia && body.resolved === body.json)) {
    return Math.ceil(body.raw.length / BYTES_A_TOKEN);
  }
  const { chars } = readTexts(dialect, body.resolved);
  return Math.ceil(chars / CHARS_A_TOKEN) + (hasMedia ? MEDIA_TOKENS : 0);
}
