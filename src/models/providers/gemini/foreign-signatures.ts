import type { BodyPatch } from '../../../core/body-patch.ts';
import type { CallBody } from '../../../core/call-body.ts';
import { isSealedForGemini, sealForGemini } from '../../../core/inference/gemini-seal.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { sentJson } from '../sent-json.ts';
import { NO_SIGNATURE } from './thought-signatures.ts';

/** Both are read by Google. */
const FIELDS = ['thoughtSignature', 'thought_signature'] as const;
/** How everything begins that was sealed: nine bytes are twelve characters. */
const SEAL = sealForGemini([]).slice(0, 12);

/**
 * Takes out of a relayed body what we once made of another provider's proofs: Google refuses signatures that it cannot
 * check. A function call gets what stands for one. Nothing is looked at where the bytes do not have our seal.
 */
export function foreignSignaturePatches(body: CallBody): BodyPatch[] {
  if (!body.names(SEAL)) return [];
  return listIn(sentJson(body)['contents']).flatMap((content, at) =>
    listIn(content?.['parts']).flatMap((part, index) =>
      part ? partPatches(part, `/contents/${at}/parts/${index}`) : [],
    ),
  );
}

function partPatches(part: JsonObject, path: string): BodyPatch[] {
  return FIELDS.flatMap((field): BodyPatch[] => {
    const written = asString(part[field]);
    if (written === undefined || !isSealedForGemini(written)) return [];
    const isCall = part['functionCall'] !== undefined || part['function_call'] !== undefined;
    const at = `${path}/${field}`;
    return [isCall ? { op: 'set', path: at, value: NO_SIGNATURE } : { op: 'remove', path: at }];
  });
}

/** Members that are no objects keep their place. */
function listIn(value: Json | undefined): (JsonObject | undefined)[] {
  return Array.isArray(value) ? value.map((member) => (isJsonObject(member) ? member : undefined)) : [];
}
