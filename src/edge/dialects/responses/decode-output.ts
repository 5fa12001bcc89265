import {
  EFFORTS,
  type InferenceRequest,
  type ReasoningRequest,
  type ResponseFormat,
} from '../../../core/inference/request.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LEFT_OUT } from './left-out.ts';

const SUMMARIES = ['auto', 'concise', 'detailed'] as const;

/** `text`: the form of the answer, and how many words it makes. */
export function decodeText(body: Fields): Pick<InferenceRequest, 'responseFormat' | 'verbosity'> {
  const text = body.object('text');
  if (!text) return {};
  const verbosity = text.text('verbosity');
  if (verbosity !== undefined) text.uses('verbosity', 'verbosity');
  const format = text.object('format');
  const responseFormat = format && decodeFormat(format);
  if (responseFormat) text.uses(responseFormat.type === 'json' ? 'json-object' : 'json-schema', 'format');
  text.close();
  return given({ responseFormat, verbosity });
}

/** @see https://platform.openai.com/docs/guides/structured-outputs?api-mode=responses (checked 2026-11-21) */
function decodeFormat(format: Fields): ResponseFormat | undefined {
  const type = format.requiredOneOf('type', ['text', 'json_object', 'json_schema']);
  const decoded =
    type === 'json_schema' ? schemaFormat(format) : type === 'text' ? undefined : ({ type: 'json' } as const);
  format.close();
  return decoded;
}

function schemaFormat(format: Fields): ResponseFormat {
  const name = format.requiredText('name');
  const schema = format.requiredJson('schema');
  const description = format.text('description');
  const strict = format.flag('strict');
  return { type: 'json-schema', name, schema, ...given({ description, strict }) };
}

/**
 * Reasoning that a summary is asked of is shown; what a target shows unasked is shown as well.
 * @see https://platform.openai.com/docs/guides/reasoning?api-mode=responses (checked 2026-11-21)
 */
export function decodeReasoningRequest(body: Fields): ReasoningRequest | undefined {
  const reasoning = body.object('reasoning');
  if (!reasoning) return undefined;
  const effort = reasoning.oneOf('effort', EFFORTS);
  const display = wantsSummary(reasoning) ? 'summarized' : undefined;
  if ((reasoning.text('mode') ?? 'standard') !== 'standard') reasoning.note('mode', LEFT_OUT['reasoning.mode']);
  if ((reasoning.text('context') ?? 'auto') !== 'auto') reasoning.note('context', LEFT_OUT['reasoning.context']);
  reasoning.close();
  if (effort === 'none') {
    reasoning.uses('reasoning-off', 'effort');
    return { enabled: false };
  }
  if (effort !== undefined) reasoning.uses('reasoning-effort', 'effort');
  return effort === undefined && display === undefined ? undefined : given({ effort, display });
}

/** `generate_summary` is the older name. */
function wantsSummary(reasoning: Fields): boolean {
  const newer = reasoning.oneOf('summary', SUMMARIES);
  const older = reasoning.oneOf('generate_summary', SUMMARIES);
  if (newer === undefined && older === undefined) return false;
  reasoning.uses('reasoning-display', newer === undefined ? 'generate_summary' : 'summary');
  return true;
}
