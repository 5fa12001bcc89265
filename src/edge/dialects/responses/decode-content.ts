import type {
  AssistantPart,
  AudioPart,
  DocumentPart,
  ImagePart,
  RefusalPart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../../core/inference/content.ts';
import type { GatewayError } from '../../../core/errors.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { readCache } from '../openai/decode-cache.ts';
import { LEFT_OUT as OPENAI_LEFT_OUT } from '../openai/left-out.ts';
import { decodeFile, decodeImage } from './decode-media.ts';
import { UNKNOWN_PART } from './left-out.ts';

const TEXTS: ReadonlySet<string> = new Set(['input_text', 'output_text', 'text']);

/** Instructions are text alone. */
export function systemContent(message: Fields): readonly TextPart[] {
  return readContent(message, 'content', (part, type) => {
    if (TEXTS.has(type)) return textPart(part);
    throw part.invalid('type', 'must be "input_text" here: instructions are text');
  });
}

export function userContent(message: Fields): readonly UserPart[] {
  return readContent<UserPart>(message, 'content', (part, type) =>
    type === 'input_audio' ? audioPart(part) : (mediaPart(part, type) ?? plainPart(part, type)),
  );
}

/** Clients write an empty text where there is none. */
export function assistantContent(message: Fields): readonly AssistantPart[] {
  return withoutEmpty(readContent<AssistantPart>(message, 'content', assistantPart));
}

/** What a function answered. */
export function resultContent(item: Fields): ToolResultPart['content'] {
  return withoutEmpty(
    readContent<ToolResultPart['content'][number]>(item, 'output', (part, type) => {
      if (type === 'input_image') part.decoding.uses('tool-result-image', part.path);
      if (type === 'input_file') part.decoding.uses('tool-result-document', part.path);
      return mediaPart(part, type) ?? plainPart(part, type);
    }),
  );
}

/** @throws request_invalid where it is neither a string nor a list of parts */
function readContent<T>(
  fields: Fields,
  name: string,
  read: (part: Fields, type: string) => T,
): readonly (T | TextPart)[] {
  const content = fields.raw(name);
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) {
    throw fields.invalid(name, 'must be a string, or a list of parts such as {"type": "input_text", "text": "Hello"}');
  }
  return fields.objects(name).map((part) => {
    const decoded = read(part, part.requiredText('type'));
    part.close();
    return decoded;
  });
}

function withoutEmpty<T extends { readonly type: string; readonly text?: string }>(parts: readonly T[]): readonly T[] {
  return parts.filter(({ type, text }) => type !== 'text' || text !== '');
}

function assistantPart(part: Fields, type: string): TextPart | RefusalPart {
  if (type !== 'refusal') return plainPart(part, type);
  part.uses('refusal-history', 'refusal');
  return { type, text: part.requiredText('refusal') };
}

function mediaPart(part: Fields, type: string): ImagePart | DocumentPart | undefined {
  if (type === 'input_image') return decodeImage(part);
  return type === 'input_file' ? decodeFile(part) : undefined;
}

function plainPart(part: Fields, type: string): TextPart {
  if (TEXTS.has(type)) return textPart(part);
  throw unknownPart(part);
}

function textPart(part: Fields): TextPart {
  // Answers come back as they were given: these say nothing that is not in the text.
  part.ignore('annotations', 'logprobs', 'parsed');
  return { type: 'text', text: part.requiredText('text'), ...given({ cache: readCache(part) }) };
}

function audioPart(part: Fields): AudioPart {
  part.uses('audio-input', 'input_audio');
  part.leaveOut('prompt_cache_breakpoint', OPENAI_LEFT_OUT['messages[].content[].input_audio.cache_control']);
  const audio = part.requiredObject('input_audio');
  const decoded: AudioPart = {
    type: 'audio',
    format: audio.requiredText('format'),
    base64: audio.requiredText('data'),
  };
  audio.close();
  return decoded;
}

function unknownPart(part: Fields): GatewayError {
  return refusedField(part.at('type'), UNKNOWN_PART);
}
