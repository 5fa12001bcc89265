import { malformed } from './form-errors.ts';

/**
 * What the head of a part says. The texts are its bytes, one a character (`latin1`), since no head says in what
 * characters it is written; they go upstream as they came.
 */
export interface PartHead {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
}

/** A part's header lines as the parser gives them: lower-case names. */
export type RawHead = Readonly<Record<string, readonly string[]>>;

const MAX_HEAD_BYTES = 16_384;
/** Encodings that leave the bytes as they are. */
const PLAIN_ENCODING = /^(?:7bit|8bit|binary)$/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;
const PLAIN_CHARSET = /^(?:utf-?8|us-ascii)$/i;

/** @throws request_invalid where two readers could make different things of it */
export function readHead(raw: RawHead): PartHead {
  if (sizeOf(raw) > MAX_HEAD_BYTES) throw malformed(`the head of a part is over ${MAX_HEAD_BYTES} bytes`);
  const disposition = single(raw, 'content-disposition');
  if (disposition === undefined) throw malformed('a part has no Content-Disposition');
  const head = { ...readDisposition(disposition), contentType: single(raw, 'content-type') };
  const encoding = single(raw, 'content-transfer-encoding');
  if (encoding !== undefined && !PLAIN_ENCODING.test(encoding.trim())) {
    throw malformed(`${shown(head)} has a Content-Transfer-Encoding, which forms do not have`);
  }
  const charset = isFile(head) ? undefined : CHARSET.exec(head.contentType ?? '')?.[1];
  if (charset !== undefined && !PLAIN_CHARSET.test(charset)) throw malformed(`${shown(head)} is not in UTF-8`);
  return head;
}

/** Everything else is a text. */
export function isFile({ filename, contentType }: PartHead): boolean {
  return filename !== undefined || /^application\/octet-stream\s*(?:;|$)/i.test(contentType ?? '');
}

/** Up to the first byte of the part, as every receiver reads it alike. */
export function headBytes({ name, filename, contentType }: PartHead): Buffer {
  const file = filename === undefined ? '' : `; filename="${filename}"`;
  const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
  return Buffer.from(`Content-Disposition: form-data; name="${name}"${file}\r\n${type}\r\n`, 'latin1');
}

/** As a person reads it. */
export function textOf(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

function shown({ name }: Pick<PartHead, 'name'>): string {
  return `the part "${textOf(name).slice(0, 80)}"`;
}

function sizeOf(raw: RawHead): number {
  let bytes = 0;
  for (const [name, values] of Object.entries(raw)) for (const value of values) bytes += name.length + value.length + 4;
  return bytes;
}

function single(raw: RawHead, name: string): string | undefined {
  const values = raw[name];
  if (values && values.length > 1) throw malformed(`a part has more than one ${name}`);
  return values?.[0];
}

const PARAMETER = /\s*;\s*([\w.-]+\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";]*))/gy;

function readDisposition(text: string): Pick<PartHead, 'name' | 'filename'> {
  const parameters = parametersOf(text);
  const name = parameters.get('name');
  if (name === undefined) throw malformed('a part has no name');
  if (name.includes('\\')) throw malformed('the name of a part has a backslash');
  const extended = parameters.get('filename*');
  const filename = extended === undefined ? parameters.get('filename') : readExtended(extended);
  return { name: quotable(name), filename: filename === undefined ? undefined : quotable(lastOfPath(filename)) };
}

function parametersOf(text: string): Map<string, string> {
  const kind = /^\s*form-data(?=\s*(?:;|$))/i.exec(text);
  if (!kind) throw malformed('a part is not form-data');
  const found = new Map<string, string>();
  let at = kind[0].length;
  for (;;) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (!match) break;
    const key = (match[1] ?? '').toLowerCase();
    if (found.has(key)) throw malformed(`a part has more than one ${key}`);
    found.set(key, match[2]?.replaceAll(/\\(["\\])/g, '$1') ?? match[3] ?? '');
    at = PARAMETER.lastIndex;
  }
  if (!/^\s*;?\s*$/.test(text.slice(at))) throw malformed('a Content-Disposition cannot be read');
  return found;
}

/** `UTF-8''na%C3%AFve.wav`, which some clients write although forms have no such thing. */
function readExtended(value: string): string {
  const encoded = /^utf-8'[^']*'((?:[^%]|%[\da-f]{2})*)$/i.exec(value)?.[1];
  if (encoded === undefined) throw malformed('a file name cannot be read');
  return encoded.replaceAll(/%([\da-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Receivers differ in what a backslash means, and a path of the sender's machine is nobody's business. */
function lastOfPath(filename: string): string {
  return filename.slice(filename.lastIndexOf('\\') + 1);
}

const UNQUOTABLE: Readonly<Record<string, string>> = { '"': '%22', '\r': '%0D', '\n': '%0A' };

/** As browsers escape it. */
function quotable(text: string): string {
  return text.replaceAll(/["\r\n]/g, (char) => UNQUOTABLE[char] ?? '');
}
