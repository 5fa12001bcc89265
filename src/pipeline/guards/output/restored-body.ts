import type { Reply } from '../../../core/reply.ts';
import type { Marks } from './deps.ts';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:;|$)/i;

/**
 * An answer in one piece that is not told in events, such as the documents in their order: with the values that its client
 * sent in place of their marks.
 */
export function restoredBody(reply: Reply, marks: Marks): Reply {
  if (marks.isEmpty || reply.kind !== 'whole' || !JSON_TYPE.test(reply.headers['content-type'] ?? '')) return reply;
  const { buffer, byteOffset, byteLength } = reply.body;
  const text = Buffer.from(buffer, byteOffset, byteLength).toString();
  const restored = marks.restoreJson(text);
  return restored === text ? reply : { ...reply, body: Buffer.from(restored) };
}
