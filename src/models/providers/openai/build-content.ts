import type {
  AudioPart,
  CacheBreakpoint,
  DocumentPart,
  ImagePart,
  MediaSource,
  TextPart,
} from '../../../core/inference/content.ts';
import type { Feature } from '../../../core/inference/features.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';

type Part = TextPart | ImagePart | DocumentPart | AudioPart;

/**
 * The content of a message: a string where it is text alone, which every server takes, else parts.
 * @throws capability_unsupported
 */
export function contentOf(parts: readonly Part[], building: Building): string | JsonObject[] {
  const built = parts.flatMap((part) => buildPart(part, building));
  const texts = built.flatMap(({ text, cache_control: cache }) => (typeof text === 'string' && !cache ? [text] : []));
  // Blocks of text stand apart from each other; a single one stays as it is.
  return texts.length === built.length ? texts.join('\n\n') : built;
}

/** @throws capability_unsupported */
export function buildPart(part: Part, building: Building): JsonObject[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text, ...cacheControl(part.cache, building) }];
    case 'image':
      return [{ type: 'image_url', image_url: imageUrl(part, building), ...cacheControl(part.cache, building) }];
    case 'audio':
      building.loseUntaken('audio-input');
      return [{ type: 'input_audio', input_audio: { data: part.base64, format: part.format } }];
    default:
      return documentParts(part, building);
  }
}

export function cacheControl(cache: CacheBreakpoint | undefined, { quirks }: Building): JsonObject {
  if (!cache || !quirks.cacheControl) return {};
  return { cache_control: { type: 'ephemeral', ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }) } };
}

function imageUrl({ source, detail }: ImagePart, building: Building): JsonObject {
  return { url: urlOf(source, building), ...(detail === undefined ? {} : { detail }) };
}

function urlOf(source: MediaSource, building: Building): string {
  if (source.kind === 'url') return source.url;
  if (source.kind === 'data') return `data:${source.mediaType};base64,${source.base64}`;
  return refuse(building, 'image-file');
}

/** What is said of a document stands before it, as text. */
function documentParts(part: DocumentPart, building: Building): JsonObject[] {
  const { source, title, context } = part;
  if (part.citations) building.translation.lose('document-citations');
  const text = textOf(source);
  const lines = [
    ...(title !== undefined && text !== undefined ? [`Document: ${title}`] : []),
    ...(context === undefined ? [] : [context]),
    ...(text === undefined ? [] : [text]),
  ];
  const said = lines.length === 0 ? [] : [{ type: 'text', text: lines.join('\n\n') }];
  const file = text === undefined ? [filePart(part, building)] : [];
  return [...said, ...file].map((built, at, all) =>
    at === all.length - 1 ? { ...built, ...cacheControl(part.cache, building) } : built,
  );
}

/** Undefined where it is not plain text. */
function textOf(source: DocumentPart['source']): string | undefined {
  if (source.kind === 'text') return source.text;
  const isPlain = source.kind === 'data' && source.mediaType.startsWith('text/');
  return isPlain ? Buffer.from(source.base64, 'base64').toString('utf8') : undefined;
}

function filePart({ source, title }: DocumentPart, building: Building): JsonObject {
  if (source.kind === 'url') return refuse(building, 'document-url');
  if (source.kind !== 'data') return refuse(building, 'document-file');
  if (!building.quirks.files) {
    const field = building.translation.request.fields['document-data'] ?? 'document';
    throw refusedField(field, 'is a document, which this provider does not take in chat completions');
  }
  const data = `data:${source.mediaType};base64,${source.base64}`;
  return { type: 'file', file: { filename: title ?? 'document.pdf', file_data: data } };
}

/** For features that the table refuses. */
function refuse({ translation }: Building, feature: Feature): never {
  translation.lose(feature);
  throw new Error(`the table does not refuse ${feature}`);
}
