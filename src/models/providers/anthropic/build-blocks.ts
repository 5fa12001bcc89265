import type {
  CacheBreakpoint,
  DocumentPart,
  ImagePart,
  MediaSource,
  TextPart,
} from '../../../core/inference/content.ts';
import type { Feature } from '../../../core/inference/features.ts';
import { type Translation, refusedField } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';

const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
/** Characters. */
const LONGEST_TITLE = 500;

export function cacheControl(cache: CacheBreakpoint | undefined): JsonObject {
  if (!cache) return {};
  return { cache_control: { type: 'ephemeral', ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }) } };
}

/** Nothing where there is only whitespace, which Anthropic refuses as a block. */
export function textBlocks(part: TextPart): JsonObject[] {
  return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text, ...cacheControl(part.cache) }];
}

/** @throws capability_unsupported */
export function contentBlocks(part: TextPart | ImagePart | DocumentPart, translation: Translation): JsonObject[] {
  switch (part.type) {
    case 'text':
      return textBlocks(part);
    case 'image':
      return [imageBlock(part, translation)];
    default:
      return [documentBlock(part, translation)];
  }
}

function imageBlock(part: ImagePart, translation: Translation): JsonObject {
  // `auto` is what leaving it out means.
  if (part.detail !== undefined && part.detail !== 'auto') translation.lose('image-detail');
  return { type: 'image', source: imageSource(part.source, translation), ...cacheControl(part.cache) };
}

function imageSource(source: MediaSource, translation: Translation): JsonObject {
  if (source.kind === 'file') return refuse(translation, 'image-file');
  if (source.kind === 'url') return { type: 'url', url: source.url };
  const written = mediaType(source.mediaType);
  const type = written === 'image/jpg' ? 'image/jpeg' : written;
  if (!IMAGE_TYPES.has(type)) {
    throw unreadable(translation, 'image-data', `is of the type "${written}"; Anthropic reads JPEG, PNG, GIF and WebP`);
  }
  return { type: 'base64', media_type: type, data: source.base64 };
}

function documentBlock(part: DocumentPart, translation: Translation): JsonObject {
  const { title, context, citations } = part;
  if (title !== undefined && title.length > LONGEST_TITLE) translation.lose('document-title');
  return {
    type: 'document',
    source: documentSource(part.source, translation),
    ...(title ? { title: title.slice(0, LONGEST_TITLE) } : {}),
    ...(context ? { context } : {}),
    ...(citations === undefined ? {} : { citations: { enabled: citations } }),
    ...cacheControl(part.cache),
  };
}

function documentSource(source: DocumentPart['source'], translation: Translation): JsonObject {
  switch (source.kind) {
    case 'file':
      return refuse(translation, 'document-file');
    case 'url':
      return { type: 'url', url: source.url };
    case 'text':
      return plainText(source.text);
    default:
      return dataSource(source.mediaType, source.base64, translation);
  }
}

function dataSource(written: string, base64: string, translation: Translation): JsonObject {
  const type = mediaType(written);
  if (type === 'application/pdf') return { type: 'base64', media_type: type, data: base64 };
  if (type === 'text/plain') return plainText(Buffer.from(base64, 'base64').toString('utf8'));
  throw unreadable(translation, 'document-data', `is of the type "${type}"; Anthropic reads PDF and plain text`);
}

function plainText(text: string): JsonObject {
  return { type: 'text', media_type: 'text/plain', data: text };
}

/** Without parameters such as `charset`. */
function mediaType(written: string): string {
  return (written.split(';')[0] ?? '').trim().toLowerCase();
}

/** For features that the table refuses. */
function refuse(translation: Translation, feature: Feature): never {
  translation.lose(feature);
  throw new Error(`the table does not refuse ${feature}`);
}

function unreadable(translation: Translation, feature: Feature, says: string): Error {
  return refusedField(translation.request.fields[feature] ?? feature, says);
}
