import { type Json, isJsonObject } from '../../../core/json.ts';

/**
 * The indexes at which the user's last two turns end, the earlier one first; results of tools are a turn of the user's.
 * None where nothing was answered yet: what only one request says is not worth being written down.
 */
export function turnEnds(messages: readonly Json[]): number[] {
  const newest = lastOf('user', messages, messages.length);
  const answer = lastOf('assistant', messages, newest);
  if (newest < 0 || answer < 0) return [];
  const before = lastOf('user', messages, answer);
  return before < 0 ? [newest] : [before, newest];
}

/** The last message of that role before `end`. */
function lastOf(role: 'user' | 'assistant', messages: readonly Json[], end: number): number {
  for (let at = end - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (isJsonObject(message) && message['role'] === role) return at;
  }
  return -1;
}
