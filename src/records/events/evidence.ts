import { type JsonObject, isJsonObject, parseJson } from '../../core/json.ts';
import { redactSecrets } from '../../core/redaction.ts';
import { storableJson, storableText } from '../../storage/database/storable.ts';

const MAX_EVIDENCE_CHARS = 16_384;
const MAX_NAME_CHARS = 500;

/** Evidence that the database takes, without secrets. What is too long is left out as a whole, which is said. */
export function storableEvidence(evidence: JsonObject): JsonObject {
  const clean = redactSecrets(storableJson(evidence));
  if (clean.length > MAX_EVIDENCE_CHARS) return { left_out: 'the evidence was too long' };
  const parsed = parseJson(clean);
  return isJsonObject(parsed) ? parsed : {};
}

/** A subject or a dedupe key, without secrets: names that clients choose may be anything. */
export function storableName(name: string): string {
  return redactSecrets(storableText(name)).slice(0, MAX_NAME_CHARS);
}
