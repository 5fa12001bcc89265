import type { BodyPatch } from '../../../core/body-patch.ts';
import type { CallBody } from '../../../core/call-body.ts';
import { REASONING_ENTRIES } from '../../../core/inference/reasoning-entries.ts';
import { isJsonObject } from '../../../core/json.ts';
import { sentJson } from '../sent-json.ts';

/**
 * Takes out of a relayed body the field of ours in which reasoning of another provider came back: no server knows it.
 * Nothing is looked at where the bytes do not have its name.
 */
export function ownFieldPatches(body: CallBody): BodyPatch[] {
  if (!body.names(REASONING_ENTRIES)) return [];
  const { messages } = sentJson(body);
  if (!Array.isArray(messages)) return [];
  return messages.flatMap((message, at): BodyPatch[] =>
    isJsonObject(message) && message[REASONING_ENTRIES] !== undefined
      ? [{ op: 'remove', path: `/messages/${at}/${REASONING_ENTRIES}` }]
      : [],
  );
}
