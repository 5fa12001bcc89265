import type { AudioPart, DocumentPart, ImagePart, MediaSource } from '../../../core/inference/content.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LOSSES } from './losses.ts';

export type MediaPart = ImagePart | DocumentPart | AudioPart;

const AUDIO_FORMATS: Readonly<Record<string, string>> = { 'x-wav': 'wav', wave: 'wav', mpeg: 'mp3', mpga: 'mp3' };

/** Bytes in the request itself. */
export function decodeInlineData(data: Fields): MediaPart {
  const mediaType = data.requiredName('mimeType').toLowerCase();
  const base64 = data.requiredText('data').replaceAll('-', '+').replaceAll('_', '/');
  const title = data.text('displayName');
  data.close();
  const [kind, subtype = ''] = mediaType.split(/[/;]/);
  switch (kind) {
    case 'image':
      data.decoding.uses('image-data', data.path);
      return { type: 'image', source: { kind: 'data', mediaType, base64 } };
    case 'audio':
      data.decoding.uses('audio-input', data.path);
      return { type: 'audio', format: AUDIO_FORMATS[subtype] ?? subtype, base64 };
    case 'video':
      throw data.refused('mimeType', `(${mediaType}) ${LOSSES.video}`);
    case 'text':
      data.decoding.uses('document-text', data.path);
      return documentPart(data, { kind: 'text', text: Buffer.from(base64, 'base64').toString('utf8') }, title);
    default:
      data.decoding.uses('document-data', data.path);
      return documentPart(data, { kind: 'data', mediaType, base64 }, title);
  }
}

/** A file at Google, or one of the web. */
export function decodeFileData(file: Fields): ImagePart | DocumentPart {
  const uri = file.requiredName('fileUri');
  const mediaType = file.text('mimeType')?.toLowerCase() ?? guessed(uri);
  const title = file.text('displayName');
  file.close();
  if (mediaType.startsWith('video/')) throw file.refused('fileUri', LOSSES.video);
  if (mediaType.startsWith('audio/')) throw file.refused('fileUri', LOSSES.audioUrl);
  const source: MediaSource = isOfGoogle(uri) ? { kind: 'file', fileId: uri } : { kind: 'url', url: uri };
  if (mediaType.startsWith('image/')) {
    file.uses(source.kind === 'file' ? 'image-file' : 'image-url', 'fileUri');
    return { type: 'image', source };
  }
  file.uses(source.kind === 'file' ? 'document-file' : 'document-url', 'fileUri');
  return documentPart(file, source, title);
}

function documentPart(fields: Fields, source: DocumentPart['source'], title: string | undefined): DocumentPart {
  if (title !== undefined) fields.uses('document-title', 'displayName');
  return { type: 'document', source, ...given({ title }) };
}

/** Uploaded to the Files API, or in Cloud Storage: nobody else can read it. */
function isOfGoogle(uri: string): boolean {
  return !/^https?:\/\//i.test(uri) || /^https:\/\/generativelanguage\.googleapis\.com\//i.test(uri);
}

/** Where the client does not say it; addresses of videos need no type here. */
function guessed(uri: string): string {
  const url = URL.parse(uri);
  if (url && /(^|\.)(youtube\.com|youtu\.be)$/.test(url.hostname)) return 'video/mp4';
  return /\.(png|jpe?g|gif|webp)$/i.test(url?.pathname ?? '') ? 'image/*' : 'application/octet-stream';
}
