import type { DocumentPart, ImagePart, MediaSource } from '../../../core/inference/content.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { readCache } from '../openai/decode-cache.ts';
import { dataSource, fileContent, webSource } from '../openai/decode-media.ts';
import { LEFT_OUT } from './left-out.ts';

/** What leaving `detail` out means; the SDK's types ask for it. */
const NO_DETAIL = 'auto';

/** @see https://platform.openai.com/docs/guides/images-vision (checked 2026-11-21) */
export function decodeImage(part: Fields): ImagePart {
  const source = imageSource(part);
  const said = part.text('detail');
  const detail = said === NO_DETAIL ? undefined : said;
  if (detail !== undefined) part.uses('image-detail', 'detail');
  return { type: 'image', source, ...given({ detail, cache: readCache(part) }) };
}

function imageSource(part: Fields): MediaSource {
  const url = part.text('image_url');
  const fileId = part.text('file_id');
  if (url === undefined && fileId !== undefined) {
    part.uses('image-file', 'file_id');
    return { kind: 'file', fileId };
  }
  const source = url === undefined ? undefined : (webSource(url) ?? dataSource(url));
  if (!source) {
    throw part.invalid('image_url', 'must be an https URL, or a data URL such as "data:image/png;base64,iVBORw0KGgo="');
  }
  part.uses(source.kind === 'url' ? 'image-url' : 'image-data', 'image_url');
  return source;
}

/** @see https://platform.openai.com/docs/guides/pdf-files (checked 2026-11-21) */
export function decodeFile(part: Fields): DocumentPart {
  const title = part.text('filename');
  if (title !== undefined) part.uses('document-title', 'filename');
  const source = fileSource(part, title);
  if (part.text('detail') !== NO_DETAIL) part.leaveOut('detail', LEFT_OUT['input[].content[].input_file.detail']);
  return { type: 'document', source, ...given({ title, cache: readCache(part) }) };
}

function fileSource(part: Fields, title: string | undefined): DocumentPart['source'] {
  const data = part.text('file_data');
  const url = part.text('file_url');
  const fileId = part.text('file_id');
  if (data !== undefined) return sentFile(part, data, title);
  if (url !== undefined) {
    part.uses('document-url', 'file_url');
    return { kind: 'url', url };
  }
  if (fileId === undefined) {
    throw part.invalid('file_data', 'is missing: a file needs `file_data`, `file_url` or `file_id`');
  }
  part.uses('document-file', 'file_id');
  return { kind: 'file', fileId };
}

function sentFile(part: Fields, data: string, title: string | undefined): DocumentPart['source'] {
  const content = fileContent(data, title);
  if (!content) {
    throw part.invalid('file_data', 'must be a data URL such as "data:application/pdf;base64,JVBERi0xLjQK"');
  }
  if (content.mediaType.startsWith('text/')) {
    part.uses('document-text', 'file_data');
    return { kind: 'text', text: Buffer.from(content.base64, 'base64').toString('utf8') };
  }
  part.uses('document-data', 'file_data');
  return { kind: 'data', ...content };
}
