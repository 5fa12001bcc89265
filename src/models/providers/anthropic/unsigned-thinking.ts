import type { BodyPatch } from '../../../core/body-patch.ts';
import type { CallBody } from '../../../core/call-body.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { sentJson } from '../sent-json.ts';

/**
 * Takes out of a relayed body what we once made of another provider's reasoning: Anthropic refuses thinking that it
 * cannot check. Nothing is looked at where the bytes do not have our mark.
 */
export function unsignedThinkingPatches(body: CallBody): BodyPatch[] {
  // What is changed on its way loses its proof there.
  if (!body.names(UNSIGNED) && body.patches.length === 0) return [];
  const json = sentJson(body);
  const messages = Array.isArray(json['messages']) ? json['messages'] : [];
  const patches: BodyPatch[] = [];
  // From the end, so that what is taken out does not move what still has to be.
  for (let at = messages.length - 1; at >= 0; at -= 1) patches.push(...messagePatches(messages[at], at));
  return patches.length > 0 && isLeftWithoutThinking(json, messages) ? [...patches, withoutThinking()] : patches;
}

function messagePatches(message: Json | undefined, at: number): BodyPatch[] {
  const content = contentOf(message);
  const unsigned = content.flatMap((block, index) => (isUnsigned(block) ? [index] : []));
  if (unsigned.length === 0) return [];
  // A message without content is refused too.
  if (unsigned.length === content.length) return [{ op: 'remove', path: `/messages/${at}` }];
  return unsigned.toReversed().map((index) => ({ op: 'remove', path: `/messages/${at}/content/${index}` }));
}

function contentOf(message: Json | undefined): Json[] {
  return isJsonObject(message) && Array.isArray(message['content']) ? message['content'] : [];
}

function isUnsigned(block: Json | undefined): boolean {
  return isJsonObject(block) && block['type'] === 'thinking' && block['signature'] === UNSIGNED;
}

/** Thinking with a budget asks for thinking before the calls whose results come now; it was another model that made them. */
function isLeftWithoutThinking(json: JsonObject, messages: readonly Json[]): boolean {
  const { thinking } = json;
  if (!isJsonObject(thinking) || thinking['type'] !== 'enabled') return false;
  const hasResults = contentOf(messages.at(-1)).some((block) => isJsonObject(block) && block['type'] === 'tool_result');
  const calling = contentOf(messages.findLast((message) => isJsonObject(message) && message['role'] === 'assistant'));
  return hasResults && isUnsigned(calling[0]);
}

function withoutThinking(): BodyPatch {
  return { op: 'remove', path: '/thinking' };
}
