import type {
  AudioPart,
  CacheBreakpoint,
  DocumentPart,
  ImagePart,
  MediaSource,
  TextPart,
} from '../../../core/inference/content.ts';
import type { Feature } from '../../../core/inference/features.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';

type Part = TextPart | ImagePart | DocumentPart | AudioPart;

const PDF = 'application/pdf';

/**
 * The content of a message: a string where it is one text, which every server takes, else parts. Servers that take no
 * parts of text get them as one, with `between` between them.
 * @throws capability_unsupported
 */
export function contentOf(parts: readonly Part[], building: Building, between = '\n\n'): string | JsonObject[] {
  const built = parts.flatMap((part) => buildPart(part, building));
  const texts = built.flatMap(({ text, cache_control: cache }) => (typeof text === 'string' && !cache ? [text] : []));
  const isText = texts.length === built.length && (texts.length < 2 || !building.quirks.textParts);
  return isText ? texts.join(between) : built;
}

/** @throws capability_unsupported */
export function buildPart(part: Part, building: Building): JsonObject[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text, ...cacheControl(part.cache, building) }];
    case 'image':
      return [{ type: 'image_url', image_url: imageUrl(part, building), ...cacheControl(part.cache, building) }];
    case 'audio':
      if (!building.takes('audio-input'))
        throw building.refused('audio-input', 'is audio, which this provider does not take');
      return [{ type: 'input_audio', input_audio: { data: part.base64, format: part.format } }];
    default:
      return documentParts(part, building);
  }
}

export function cacheControl(cache: CacheBreakpoint | undefined, { quirks }: Building): JsonObject {
  if (!cache || !quirks.cacheControl) return {};
  const ttl = quirks.cacheControl === 'with-ttl' ? cache.ttl : undefined;
  return { cache_control: { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) } };
}

function imageUrl({ source, detail }: ImagePart, building: Building): JsonObject {
  return { url: urlOf(source, building), ...(detail === undefined ? {} : { detail }) };
}

function urlOf(source: MediaSource, building: Building): string {
  if (source.kind === 'data') return `data:${source.mediaType};base64,${source.base64}`;
  if (source.kind === 'file') return refuse(building, 'image-file');
  if (!building.quirks.imageUrls) {
    throw building.refused('image-url', 'is an address, which this provider does not fetch; send the image itself');
  }
  return source.url;
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
  const { documents } = building.quirks;
  const data = addressOf(source, building);
  if (documents === 'document_url-or-url') {
    return { type: 'document_url', document_url: data, ...(title === undefined ? {} : { document_name: title }) };
  }
  const name = title ?? 'document';
  return { type: 'file', file: { filename: /\.pdf$/i.test(name) ? name : `${name}.pdf`, file_data: data } };
}

function addressOf(source: DocumentPart['source'], building: Building): string {
  const { documents } = building.quirks;
  if (source.kind === 'url') return documents?.endsWith('-or-url') ? source.url : refuse(building, 'document-url');
  if (source.kind !== 'data') return refuse(building, 'document-file');
  if (documents === undefined) {
    throw building.refused('document-data', 'is a document, which this provider does not take in chat completions');
  }
  const type = (source.mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (type !== PDF) {
    throw building.refused('document-data', `is of the type "${type}"; chat completions read PDF and plain text`);
  }
  return `data:${type};base64,${source.base64}`;
}

/** For features that the table refuses. */
function refuse({ translation }: Building, feature: Feature): never {
  translation.lose(feature);
  throw new Error(`the table does not refuse ${feature}`);
}
