import type { AudioPart, DocumentPart, ImagePart, MediaSource, TextPart } from '../../../core/inference/content.ts';
import type { Feature } from '../../../core/inference/features.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';

const DETAILS: ReadonlySet<string> = new Set(['auto', 'low', 'high']);

/** The content of a user's message: a string where it is one text, else parts. @throws capability_unsupported */
export function contentOf(
  parts: readonly (TextPart | ImagePart | DocumentPart | AudioPart)[],
  translation: Translation,
): string | JsonObject[] {
  const built = parts.map((part) => buildPart(part, translation));
  const [only, ...others] = built;
  return others.length === 0 && typeof only?.['text'] === 'string' ? only['text'] : built;
}

/** @throws capability_unsupported */
export function buildPart(part: TextPart | ImagePart | DocumentPart | AudioPart, translation: Translation): JsonObject {
  switch (part.type) {
    case 'text':
      return textPart(part.text);
    case 'image':
      return { type: 'image_url', image_url: imageUrl(part, translation) };
    case 'audio':
      return refuse(translation, 'audio-input');
    default:
      return textPart(documentLines(part, translation).join('\n\n'));
  }
}

/** A document in the result of a tool; a title and the like are fields of it. @throws capability_unsupported */
export function resultDocument(part: DocumentPart, translation: Translation): JsonObject {
  const { title, context } = part;
  const data = {
    ...(title === undefined ? {} : { title }),
    ...(context === undefined ? {} : { context }),
    text: documentText(part.source, translation),
  };
  return { type: 'document', document: { data } };
}

export function textPart(text: string): JsonObject {
  return { type: 'text', text };
}

function imageUrl({ source, detail }: ImagePart, translation: Translation): JsonObject {
  const isKnown = detail !== undefined && DETAILS.has(detail);
  if (detail !== undefined && !isKnown) translation.lose('image-detail');
  return { url: urlOf(source, translation), ...(isKnown ? { detail } : {}) };
}

function urlOf(source: MediaSource, translation: Translation): string {
  if (source.kind === 'data') return `data:${source.mediaType};base64,${source.base64}`;
  return source.kind === 'url' ? source.url : refuse(translation, 'image-file');
}

/** What is said of a document stands before it. */
function documentLines(part: DocumentPart, translation: Translation): string[] {
  const { source, title, context } = part;
  if (part.citations) translation.lose('document-citations');
  const text = documentText(source, translation);
  return [...(title === undefined ? [] : [`Document: ${title}`]), ...(context === undefined ? [] : [context]), text];
}

function documentText(source: DocumentPart['source'], translation: Translation): string {
  if (source.kind === 'text') return source.text;
  if (source.kind === 'url') return refuse(translation, 'document-url');
  if (source.kind === 'file') return refuse(translation, 'document-file');
  const type = (source.mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (type.startsWith('text/')) return Buffer.from(source.base64, 'base64').toString('utf8');
  return refuse(translation, 'document-data');
}

/** For features that the table refuses. */
function refuse(translation: Translation, feature: Feature): never {
  translation.lose(feature);
  throw new Error(`the table does not refuse ${feature}`);
}
