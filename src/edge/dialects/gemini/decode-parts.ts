import type { TextPart, ToolResultPart, UserPart } from '../../../core/inference/content.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { invalidField } from '../read-fields.ts';
import type { CallIds } from './call-ids.ts';
import { decodeFileData, decodeInlineData } from './decode-media.ts';
import { LOSSES } from './losses.ts';
import { objectsOf } from './objects.ts';

/** What a part may be; one of them at a time. */
const KINDS = ['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse'] as const;
export type PartKind = (typeof KINDS)[number];

const REFUSED = {
  executableCode: LOSSES.code,
  codeExecutionResult: LOSSES.code,
  toolCall: LOSSES.serverTool,
  toolResponse: LOSSES.serverTool,
  audioTranscription: LOSSES.serverTool,
} as const;

/** What stands beside the data of a part, and only says something to Gemini. */
const NOTES = ['videoMetadata', 'mediaResolution', 'mediaProcessing', 'speechMetadata', 'partMetadata'] as const;

/** Undefined for a part that has nothing in it. @throws capability_unsupported where no other provider has such a part */
export function kindOf(part: Fields): PartKind | undefined {
  for (const [name, says] of Object.entries(REFUSED)) if (part.has(name)) throw part.refused(name, says);
  for (const name of NOTES) part.leaveOut(name, LOSSES.partNotes);
  const kind = KINDS.find((one) => part.has(one));
  if (kind === undefined && !part.has('thoughtSignature') && part.unread.length > 0) {
    throw refusedField(part.path, LOSSES.unknownPart);
  }
  return kind;
}

/** @throws request_invalid, capability_unsupported */
export function decodeUserPart(part: Fields, kind: PartKind, ids: CallIds): UserPart {
  part.ignore('thought', 'thoughtSignature');
  switch (kind) {
    case 'text':
      return { type: 'text', text: part.requiredText('text') };
    case 'inlineData':
      return decodeInlineData(part.requiredObject('inlineData'));
    case 'fileData':
      return decodeFileData(part.requiredObject('fileData'));
    case 'functionResponse':
      return decodeResult(part.requiredObject('functionResponse'), ids);
    default:
      throw invalidField(part.path, `\`${part.path}\` is a function call, which belongs into content of the model.`);
  }
}

function decodeResult(result: Fields, ids: CallIds): ToolResultPart {
  const name = result.requiredName('name');
  const toolCallId = ids.result(name, result.text('id'));
  if (toolCallId === undefined) {
    throw result.invalid('name', `is "${name}", and no call of that function is waiting for a result`);
  }
  for (const field of ['willContinue', 'scheduling']) result.leaveOut(field, LOSSES.scheduling);
  const response = result.has('response') ? result.requiredJson('response') : {};
  const isError = hasError(response) || undefined;
  if (isError) result.uses('tool-result-error', 'response');
  const content = [...responseText(response), ...objectsOf(result, 'parts').map(decodeResultPart)];
  result.close();
  return { type: 'tool-result', toolCallId, content, ...given({ isError }) };
}

function hasError({ error }: JsonObject): boolean {
  return error !== undefined && error !== null;
}

/**
 * The API's own words for a result are `output` and `error`; where one of them is all that there is, it is the result,
 * else everything is.
 */
function responseText(response: JsonObject): TextPart[] {
  const names = Object.keys(response);
  const [only = ''] = names;
  if (names.length === 0) return [];
  const value = names.length === 1 && (only === 'output' || only === 'error') ? response[only] : response;
  return [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }];
}

function decodeResultPart(part: Fields): Exclude<ToolResultPart['content'][number], TextPart> {
  part.leaveOut('mediaProcessing', LOSSES.partNotes);
  const data = part.object('inlineData');
  const media = data ? decodeInlineData(data) : decodeFileData(part.requiredObject('fileData'));
  part.close();
  if (media.type === 'audio') throw refusedField(part.path, LOSSES.audioResult);
  part.decoding.uses(media.type === 'image' ? 'tool-result-image' : 'tool-result-document', part.path);
  return media;
}
