import type { Feature } from '../../../core/inference/features.ts';
import type { Fields } from '../decoding/fields.ts';

/** The newer name is meant for the provider's eyes; the older one may be anything that the client tells users apart by. */
export function readUser(body: Fields): string | undefined {
  const safetyIdentifier = usedText(body, 'safety_identifier', 'user');
  const user = usedText(body, 'user', 'user');
  return safetyIdentifier ?? user;
}

/** A text that is used for a feature, where it is there. */
export function usedText(body: Fields, name: string, feature: Feature): string | undefined {
  const text = body.text(name);
  if (text !== undefined) body.uses(feature, name);
  return text;
}
