import type {
  AssistantPart,
  AudioPart,
  DocumentPart,
  ImagePart,
  RefusalPart,
  TextPart,
} from '../../../core/inference/content.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import type { GatewayError } from '../../../core/errors.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { readCache } from './decode-cache.ts';
import { documentPart, imagePart } from './decode-media.ts';
import { LEFT_OUT, UNKNOWN_PART } from './left-out.ts';

/** What any message may have as its content: a string, or a list of parts. */
type ReadPart<T> = (part: Fields, type: string) => T;

/** Instructions are text alone. */
export function systemContent(message: Fields): readonly TextPart[] {
  return readContent(message, systemPart);
}

export function userContent(message: Fields): readonly (TextPart | ImagePart | DocumentPart | AudioPart)[] {
  return readContent(message, userPart);
}

/** OpenAI's own is text alone; images and files are what its clients send to models that read them there. */
export function toolContent(message: Fields): readonly (TextPart | ImagePart | DocumentPart)[] {
  return withoutEmpty(readContent(message, toolPart));
}

/** Nothing where it is null, as beside tool calls. */
export function assistantContent(message: Fields): readonly AssistantPart[] {
  return message.has('content') ? withoutEmpty(readContent(message, assistantPart)) : [];
}

/** @throws request_invalid where it is neither a string nor a list of parts */
function readContent<T>(message: Fields, read: ReadPart<T>): readonly (T | TextPart)[] {
  const content = message.raw('content');
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) {
    throw message.invalid('content', 'must be a string, or a list of parts such as {"type": "text", "text": "Hello"}');
  }
  return message.objects('content').map((part) => {
    const decoded = read(part, part.requiredText('type'));
    part.close();
    return decoded;
  });
}

/** Clients write an empty text where there is none. */
function withoutEmpty<T extends { readonly type: string; readonly text?: string }>(parts: readonly T[]): readonly T[] {
  return parts.filter(({ type, text }) => type !== 'text' || text !== '');
}

function systemPart(part: Fields, type: string): TextPart {
  if (type === 'text') return textPart(part);
  throw part.invalid('type', 'must be "text" here: instructions are text');
}

function userPart(part: Fields, type: string): TextPart | ImagePart | DocumentPart | AudioPart {
  switch (type) {
    case 'text':
      return textPart(part);
    case 'image_url':
      return imagePart(part);
    case 'file':
      return documentPart(part);
    case 'input_audio':
      return audioPart(part);
    default:
      throw unknownPart(part);
  }
}

function toolPart(part: Fields, type: string): TextPart | ImagePart | DocumentPart {
  switch (type) {
    case 'text':
      return textPart(part);
    case 'image_url':
      part.uses('tool-result-image', 'image_url');
      return imagePart(part);
    case 'file':
      part.uses('tool-result-document', 'file');
      return documentPart(part);
    default:
      throw unknownPart(part);
  }
}

function assistantPart(part: Fields, type: string): TextPart | RefusalPart {
  if (type === 'text') return textPart(part);
  if (type !== 'refusal') throw unknownPart(part);
  part.uses('refusal-history', 'refusal');
  return { type, text: part.requiredText('refusal') };
}

function textPart(part: Fields): TextPart {
  return { type: 'text', text: part.requiredText('text'), ...given({ cache: readCache(part) }) };
}

function audioPart(part: Fields): AudioPart {
  part.uses('audio-input', 'input_audio');
  const says = LEFT_OUT['messages[].content[].input_audio.cache_control'];
  part.leaveOut('cache_control', says);
  part.leaveOut('prompt_cache_breakpoint', says);
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
