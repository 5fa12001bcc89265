import type { AudioPart, DocumentPart, ImagePart, MediaSource, TextPart } from '../../../core/inference/content.ts';
import type { Feature } from '../../../core/inference/features.ts';
import { type Translation, refusedField } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';

/** @see https://ai.google.dev/gemini-api/docs/image-understanding */
const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif']);

/** By the ending of a URL; Gemini wants to know the type, and a URL alone does not tell it. */
const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
};

/** Nothing where the text is empty, which Gemini refuses. */
export function textParts(text: string): JsonObject[] {
  return text === '' ? [] : [{ text }];
}

/** @throws capability_unsupported */
export function userParts(
  part: TextPart | ImagePart | DocumentPart | AudioPart,
  translation: Translation,
): JsonObject[] {
  switch (part.type) {
    case 'text':
      return textParts(part.text);
    case 'image':
      return [imagePart(part, translation)];
    case 'audio':
      return [{ inlineData: { mimeType: `audio/${part.format}`, data: part.base64 } }];
    default:
      return documentParts(part, translation);
  }
}

/** @throws capability_unsupported */
export function imagePart({ source, detail }: ImagePart, translation: Translation): JsonObject {
  // `auto` is what leaving it out means.
  if (detail !== undefined && detail !== 'auto') translation.lose('image-detail');
  if (source.kind === 'file') return refuse(translation, 'image-file');
  if (source.kind === 'url') return filePart(source.url, 'image/jpeg');
  const written = mediaType(source.mediaType);
  const type = written === 'image/jpg' ? 'image/jpeg' : written;
  if (IMAGE_TYPES.has(type)) return { inlineData: { mimeType: type, data: source.base64 } };
  const field = translation.request.fields['image-data'] ?? 'image-data';
  throw refusedField(field, `is of the type "${written}"; Gemini reads JPEG, PNG, WebP, HEIC and HEIF`);
}

/** What is said of a document stands before it. */
function documentParts(part: DocumentPart, translation: Translation): JsonObject[] {
  const { source, title, context, citations } = part;
  if (citations) translation.lose('document-citations');
  const said = [title ? `Document: ${title}` : '', context ?? ''];
  return [...said.flatMap(textParts), ...documentSource(source, translation)];
}

/** @throws capability_unsupported */
export function documentSource(source: DocumentPart['source'], translation: Translation): JsonObject[] {
  switch (source.kind) {
    case 'text':
      return textParts(source.text);
    case 'url':
      return [filePart(source.url, 'application/pdf')];
    case 'file':
      return [refuse(translation, 'document-file')];
    default:
      return [dataPart(source)];
  }
}

function dataPart({ mediaType: written, base64 }: Extract<MediaSource, { kind: 'data' }>): JsonObject {
  return { inlineData: { mimeType: mediaType(written), data: base64 } };
}

/** Google fetches it; the gateway fetches nothing. */
function filePart(url: string, otherwise: string): JsonObject {
  const path = URL.parse(url)?.pathname ?? '';
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return { fileData: { mimeType: Object.hasOwn(TYPES, ending) ? TYPES[ending] : otherwise, fileUri: url } };
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
