import type { PathFacts } from '../../call-factory.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import { Decoding } from '../decoding/decoding.ts';
import { Fields, given } from '../decoding/fields.ts';
import { decodeContents, decodeSystem } from './decode-contents.ts';
import { decodeOptions } from './decode-options.ts';
import { decodeFormat, decodeReasoning } from './decode-output.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { countedRequest } from './facts.ts';
import { LOSSES } from './losses.ts';
import { camelCased } from './names.ts';

/**
 * A body of `generateContent` in no dialect, or of `countTokens` with such a one inside.
 *
 * @param body parsed so that long numbers are kept, see `parseExact`
 * @see https://ai.google.dev/api/generate-content (checked 2026-11-21)
 * @throws request_invalid where a field is not of its type
 * @throws capability_unsupported where it asks for what only Google has
 */
export function decode(body: JsonObject, { stream = false }: PathFacts): InferenceRequest {
  const decoding = new Decoding();
  const fields = new Fields(camelCased(countedRequest(body)), '', decoding);
  const messages = [...decodeSystem(fields), ...decodeContents(fields)];
  const tools = decodeTools(fields);
  const chosen = decodeToolChoice(fields);
  const generation = readGeneration(fields);
  const serviceTier = readServiceTier(fields);
  leaveOut(fields);
  if (stream) {
    decoding.uses('streaming', 'streamGenerateContent');
    // A stream of this dialect always says what was used.
    decoding.uses('usage-frame', 'streamGenerateContent');
  }
  fields.ignore('model');
  fields.close();
  return {
    messages,
    tools,
    ...chosen,
    ...generation,
    ...given({ serviceTier }),
    stream,
    includeUsage: stream,
    fields: decoding.fields,
    notes: decoding.notes,
  };
}

function readGeneration(fields: Fields): Partial<InferenceRequest> {
  const config = fields.object('generationConfig');
  if (!config) return {};
  const options = decodeOptions(config);
  const responseFormat = decodeFormat(config);
  const reasoning = decodeReasoning(config);
  config.close();
  return { ...options, ...given({ responseFormat, reasoning }) };
}

/** `standard` is what others call their default. */
function readServiceTier(fields: Fields): string | undefined {
  const tier = fields.text('serviceTier')?.toLowerCase();
  if (tier === undefined || tier === 'unspecified') return undefined;
  fields.uses('service-tier', 'serviceTier');
  return tier === 'standard' ? 'default' : tier;
}

function leaveOut(fields: Fields): void {
  if (fields.has('cachedContent')) throw fields.refused('cachedContent', LOSSES.cachedContent);
  if (fields.has('continuationToken')) throw fields.refused('continuationToken', LOSSES.continuation);
  fields.leaveOut('safetySettings', LOSSES.safety);
  fields.leaveOut('labels', LOSSES.labels);
  if (fields.flag('store')) fields.note('store', LOSSES.store);
}
