import { patchJson } from '../../core/body-patch.ts';
import type { CallBody } from '../../core/call-body.ts';
import { type JsonObject, isJsonObject } from '../../core/json.ts';

/**
 * A relayed body as it is sent, but for what one attempt adds: prompts and guards may have put in, moved or taken out
 * what the client's own body has. Patches of an attempt have to find their places in this one.
 */
export function sentJson({ json, patches }: Pick<CallBody, 'json' | 'patches'>): JsonObject {
  if (patches.length === 0) return json;
  const sent = patchJson(json, patches);
  return isJsonObject(sent) ? sent : json;
}
