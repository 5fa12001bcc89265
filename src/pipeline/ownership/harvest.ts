import type { ReplyStream } from '../../core/reply.ts';

/** Ids of what a provider made in the course of an answer, and which later requests may name. */
export interface Made {
  readonly kind: 'response' | 'container';
  readonly id: string;
}

/**
 * OpenAI's response ids and the containers of both providers. Ids of files are not taken from answers: an answer may
 * cite a file that is somebody else's.
 */
const IDS = /"(?:id|container_id|response_id)"\s*:\s*"((?:resp|cntr|container)_[\w-]{6,200})"/g;

/** Answers seldom make more than a few; text that quotes ids must not fill the store. */
const MOST = 16;

/** Those in a piece of an answer that was not seen before; the id of a quoted text is inside a string, where quotes are escaped. */
export function madeIn(bytes: Uint8Array, seen: Set<string>): Made[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const made: Made[] = [];
  for (const [, id = ''] of text.matchAll(IDS)) {
    if (seen.has(id) || seen.size >= MOST) continue;
    seen.add(id);
    made.push({ kind: id.startsWith('resp') ? 'response' : 'container', id });
  }
  return made;
}

/** Watches a stream for them; its frames are whole, so that no id is cut. */
export function watchMade(stream: ReplyStream, found: (made: readonly Made[]) => void): void {
  const seen = new Set<string>();
  stream.observe({
    item({ bytes }) {
      const made = bytes ? madeIn(bytes, seen) : [];
      if (made.length > 0) found(made);
    },
  });
}
