import type { AudioPart, DocumentPart, ImagePart, TextPart } from '../../../core/inference/content.ts';
import type { Feature } from '../../../core/inference/features.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';

const IMAGE_FORMATS: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/jpg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
]);

const DOCUMENT_FORMATS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['text/csv', 'csv'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['text/html', 'html'],
  ['text/plain', 'txt'],
  ['text/markdown', 'md'],
]);

/** Nothing where there is only whitespace, which Bedrock refuses as a block. */
export function textBlocks({ text }: Pick<TextPart, 'text'>): JsonObject[] {
  return text.trim() === '' ? [] : [{ text }];
}

/** @throws capability_unsupported */
export function contentBlocks(part: TextPart | ImagePart | DocumentPart, building: Building): JsonObject[] {
  switch (part.type) {
    case 'text':
      return textBlocks(part);
    case 'image':
      return [imageBlock(part, building)];
    default:
      return [documentBlock(part, building)];
  }
}

/** Models that do not hear refuse it. */
export function audioBlock({ format, base64 }: AudioPart): JsonObject {
  return { audio: { format, source: { bytes: base64 } } };
}

function imageBlock({ source, detail }: ImagePart, building: Building): JsonObject {
  // `auto` is what leaving it out means.
  if (detail !== undefined && detail !== 'auto') building.translation.lose('image-detail');
  if (source.kind !== 'data') return refuse(building, source.kind === 'url' ? 'image-url' : 'image-file');
  const format = IMAGE_FORMATS.get(mediaType(source.mediaType));
  if (format === undefined) {
    throw unreadable(building, 'image-data', source.mediaType, 'JPEG, PNG, GIF and WebP');
  }
  return { image: { format, source: { bytes: source.base64 } } };
}

function documentBlock(part: DocumentPart, building: Building): JsonObject {
  const { title, context, citations } = part;
  const { format, bytes } = documentBytes(part.source, building);
  return {
    document: {
      format,
      name: building.documentNames.nameOf(title),
      source: { bytes },
      ...(context ? { context } : {}),
      ...(citations === undefined ? {} : { citations: { enabled: citations } }),
    },
  };
}

function documentBytes(source: DocumentPart['source'], building: Building): { format: string; bytes: string } {
  if (source.kind === 'url') return refuse(building, 'document-url');
  if (source.kind === 'file') return refuse(building, 'document-file');
  if (source.kind === 'text') return { format: 'txt', bytes: Buffer.from(source.text).toString('base64') };
  const format = DOCUMENT_FORMATS.get(mediaType(source.mediaType));
  if (format === undefined) {
    const read = 'PDF, CSV, Word, Excel, HTML, plain text and Markdown';
    throw unreadable(building, 'document-data', source.mediaType, read);
  }
  return { format, bytes: source.base64 };
}

/** Without parameters such as `charset`. */
function mediaType(written: string): string {
  return (written.split(';')[0] ?? '').trim().toLowerCase();
}

/** For features that the table refuses. */
function refuse({ translation }: Building, feature: Feature): never {
  translation.lose(feature);
  throw new Error(`the table does not refuse ${feature}`);
}

function unreadable({ translation }: Building, feature: Feature, type: string, read: string): Error {
  const field = translation.request.fields[feature] ?? feature;
  return refusedField(field, `is of the type "${type}"; Bedrock reads ${read}`);
}
