import type { DocumentPart, ImagePart, MediaSource } from '../../../core/inference/content.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { readCache } from './decode-cache.ts';

interface DataUrl {
  /** In lower case, without parameters. */
  readonly mediaType: string;
  readonly base64: string;
}

const WEB = /^https?:\/\//i;
/** What a file without a data URL is, by the end of its name. */
const BY_ENDING: Readonly<Record<string, string>> = { pdf: 'application/pdf', txt: 'text/plain', md: 'text/markdown' };

export function imagePart(part: Fields): ImagePart {
  const image = part.requiredObject('image_url');
  const url = image.requiredText('url');
  const source = webSource(url) ?? dataSource(url);
  if (!source) {
    throw image.invalid('url', 'must be an https URL, or a data URL such as "data:image/png;base64,iVBORw0KGgo="');
  }
  image.uses(source.kind === 'url' ? 'image-url' : 'image-data', 'url');
  const detail = image.text('detail');
  if (detail !== undefined) image.uses('image-detail', 'detail');
  image.close();
  return { type: 'image', source, ...given({ detail, cache: readCache(part) }) };
}

/** @see https://platform.openai.com/docs/guides/pdf-files (checked 2026-11-21) */
export function documentPart(part: Fields): DocumentPart {
  const file = part.requiredObject('file');
  const title = file.text('filename');
  if (title !== undefined) file.uses('document-title', 'filename');
  const source = fileById(file) ?? fileData(file, title);
  file.close();
  return { type: 'document', source, ...given({ title, cache: readCache(part) }) };
}

function fileById(file: Fields): MediaSource | undefined {
  const fileId = file.text('file_id');
  if (fileId === undefined || file.has('file_data')) return undefined;
  file.uses('document-file', 'file_id');
  return { kind: 'file', fileId };
}

function fileData(file: Fields, title: string | undefined): DocumentPart['source'] {
  const data = file.text('file_data');
  if (data === undefined) throw file.invalid('file_data', 'is missing: a file needs `file_data` or `file_id`');
  const web = webSource(data);
  if (web) {
    file.uses('document-url', 'file_data');
    return web;
  }
  const content = fileContent(data, title);
  if (!content) {
    throw file.invalid('file_data', 'must be a data URL such as "data:application/pdf;base64,JVBERi0xLjQK"');
  }
  if (content.mediaType.startsWith('text/')) {
    file.uses('document-text', 'file_data');
    return { kind: 'text', text: Buffer.from(content.base64, 'base64').toString('utf8') };
  }
  file.uses('document-data', 'file_data');
  return { kind: 'data', ...content };
}

/** A file in the request itself: a data URL, or bare base64 that is known by the end of its name. */
export function fileContent(data: string, title: string | undefined): DataUrl | undefined {
  return parseDataUrl(data) ?? bareData(data, title);
}

function bareData(data: string, title: string | undefined): DataUrl | undefined {
  const ending = /\.([a-z]+)$/i.exec(title ?? '')?.[1]?.toLowerCase();
  const mediaType = ending !== undefined && Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
  return mediaType === undefined || data.startsWith('data:') ? undefined : { mediaType, base64: data };
}

/** Undefined where it is no URL of the web. */
export function webSource(url: string): Extract<MediaSource, { kind: 'url' }> | undefined {
  return WEB.test(url) ? { kind: 'url', url } : undefined;
}

/** Undefined where it is no data URL. */
export function dataSource(url: string): MediaSource | undefined {
  const content = parseDataUrl(url);
  return content && { kind: 'data', ...content };
}

/** `data:<type>[;parameter]*;base64,<data>`; undefined for any other. */
function parseDataUrl(url: string): DataUrl | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(',');
  const [mediaType = '', ...parameters] = url.slice('data:'.length, comma).toLowerCase().split(';');
  if (comma < 0 || mediaType === '' || parameters.at(-1) !== 'base64') return undefined;
  return { mediaType, base64: url.slice(comma + 1) };
}
