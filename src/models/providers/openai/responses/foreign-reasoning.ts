import type { BodyPatch } from '../../../../core/body-patch.ts';
import type { CallBody } from '../../../../core/call-body.ts';
import { type Json, asString, isJsonObject } from '../../../../core/json.ts';
import { sentJson } from '../../sent-json.ts';

/** How the opaque content begins that we made of another protocol's reasoning. */
const MARK = 'causeway';

/**
 * Takes out of a relayed body what we once made of another provider's reasoning, which OpenAI could not open. Nothing
 * is looked at where the bytes do not have our mark.
 */
export function foreignReasoningPatches(body: CallBody): BodyPatch[] {
  if (!body.names(MARK)) return [];
  const { input } = sentJson(body);
  if (!Array.isArray(input)) return [];
  // From the end, so that what is taken out does not move what still has to be.
  return input
    .flatMap((item, at) => (isForeign(item) ? [at] : []))
    .toReversed()
    .map(removal);
}

function isForeign(item: Json): boolean {
  if (!isJsonObject(item) || item['type'] !== 'reasoning') return false;
  return asString(item['encrypted_content'])?.startsWith(MARK) ?? false;
}

function removal(at: number): BodyPatch {
  return { op: 'remove', path: `/input/${at}` };
}
