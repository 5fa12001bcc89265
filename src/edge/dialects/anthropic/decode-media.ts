import type { DocumentPart, ImagePart, MediaSource, TextPart } from '../../../core/inference/content.ts';
import type { Feature } from '../../../core/inference/features.ts';
import { readCache } from './decode-cache.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LOSSES } from './losses.ts';

type DocumentSource = DocumentPart['source'];

export function decodeText(block: Fields): TextPart {
  if ((block.list('citations') ?? []).length > 0) block.note('citations', LOSSES.citations);
  block.ignore('type');
  return { type: 'text', text: block.requiredText('text'), ...given({ cache: readCache(block) }) };
}

export function decodeSearchResult(block: Fields): TextPart {
  const title = block.requiredText('title');
  const source = block.requiredText('source');
  const texts = block.objects('content').map(textOf);
  block.ignore('citations');
  block.decoding.note(block.path, LOSSES.searchResult);
  return { type: 'text', text: [title, source, ...texts].join('\n'), ...given({ cache: readCache(block) }) };
}

/** Of a block inside another one. */
function textOf(block: Fields): string {
  block.requiredOneOf('type', ['text']);
  block.leaveOut('cache_control', LOSSES.innerCache);
  const { text } = decodeText(block);
  block.close();
  return text;
}

export function decodeImage(block: Fields): ImagePart {
  const source = requiredSource(block);
  const type = source.requiredOneOf('type', ['base64', 'url', 'file']);
  const decoded = { type: 'image', source: mediaSource(source, type, 'image') } as const;
  source.close();
  return { ...decoded, ...given({ cache: readCache(block) }) };
}

/** The document, and after it the images that stood inside. */
export function decodeDocument(block: Fields): [DocumentPart, ...ImagePart[]] {
  const source = requiredSource(block);
  const [decoded, images] = documentSource(source);
  source.close();
  const title = block.text('title');
  const context = block.text('context');
  const config = block.object('citations');
  const citations = config?.flag('enabled');
  config?.close();
  if (title !== undefined) block.uses('document-title', 'title');
  if (context !== undefined) block.uses('document-context', 'context');
  if (citations) block.uses('document-citations', 'citations');
  const cache = readCache(block);
  return [{ type: 'document', source: decoded, ...given({ title, context, citations, cache }) }, ...images];
}

function documentSource(source: Fields): [DocumentSource, ImagePart[]] {
  const type = source.requiredOneOf('type', ['base64', 'url', 'file', 'text', 'content']);
  switch (type) {
    case 'text':
      source.decoding.uses('document-text', source.path);
      source.requiredOneOf('media_type', ['text/plain']);
      return [{ kind: 'text', text: source.requiredText('data') }, []];
    case 'content':
      source.decoding.uses('document-text', source.path);
      return blocksSource(source);
    default:
      return [mediaSource(source, type, 'document'), []];
  }
}

function blocksSource(source: Fields): [DocumentSource, ImagePart[]] {
  const whole = source.raw('content');
  if (typeof whole === 'string') return [{ kind: 'text', text: whole }, []];
  const texts: string[] = [];
  const images: ImagePart[] = [];
  for (const block of source.objects('content')) {
    if (block.requiredOneOf('type', ['text', 'image']) === 'text') texts.push(textOf(block));
    else {
      block.leaveOut('cache_control', LOSSES.innerCache);
      images.push(decodeImage(block));
      block.close();
    }
  }
  source.note('content', LOSSES.documentBlocks);
  return [{ kind: 'text', text: texts.join('\n') }, images];
}

const SOURCE_FEATURES = {
  image: { base64: 'image-data', url: 'image-url', file: 'image-file' },
  document: { base64: 'document-data', url: 'document-url', file: 'document-file' },
} as const satisfies Record<string, Record<'base64' | 'url' | 'file', Feature>>;

function mediaSource(source: Fields, type: 'base64' | 'url' | 'file', of: 'image' | 'document'): MediaSource {
  source.decoding.uses(SOURCE_FEATURES[of][type], source.path);
  switch (type) {
    case 'base64':
      return { kind: 'data', mediaType: source.requiredText('media_type'), base64: source.requiredText('data') };
    case 'url':
      return { kind: 'url', url: source.requiredText('url') };
    default:
      return { kind: 'file', fileId: source.requiredText('file_id') };
  }
}

function requiredSource(block: Fields): Fields {
  const source = block.object('source');
  if (source) return source;
  throw block.invalid('source', 'is missing: it must be an object');
}
