import { readFileSync, statSync } from 'node:fs';

import { YAMLError, parse } from 'yaml';

import { parseJson } from '../core/json.ts';
import {
  MAX_DOCUMENT_BYTES,
  type PriceDocument,
  PriceDocumentError,
  readPriceDocument,
} from '../models/pricing/price-document.ts';
import { UsageError } from './command.ts';

const TIMEOUT_MS = 30_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A document of prices that cannot be had or used; the message says where it is from and what is wrong. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

/**
 * Reads a document of prices, JSON or YAML, from a file or an https URL.
 * @throws DocumentError; UsageError where the address is of no kind that is taken
 */
export async function loadPriceDocument(place: string, now: number): Promise<PriceDocument> {
  const text = /^https?:\/\//i.test(place) ? await fetchText(place) : readText(place);
  try {
    return readPriceDocument(parseDocument(text, place), new Date(now).toISOString().slice(0, 10));
  } catch (thrown) {
    if (!(thrown instanceof PriceDocumentError)) throw thrown;
    throw new DocumentError(`${place} cannot be used:\n${thrown.message.replaceAll(/^/gm, '  ')}`);
  }
}

/** JSON is YAML too, but its own parser is much faster. */
function parseDocument(text: string, place: string): unknown {
  const json = parseJson(text);
  if (json !== undefined) return json;
  try {
    return parse(text) as unknown;
  } catch (thrown) {
    if (!(thrown instanceof YAMLError) && !(thrown instanceof ReferenceError)) throw thrown;
    throw new DocumentError(`${place} is neither JSON nor YAML: ${thrown.message}`);
  }
}

function readText(path: string): string {
  try {
    if (statSync(path).size > MAX_DOCUMENT_BYTES) throw tooLarge(path);
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === undefined) throw thrown;
    throw new DocumentError(code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`);
  }
}

async function fetchText(address: string): Promise<string> {
  const url = parseUrl(address);
  let response: Response;
  try {
    // A redirect could lead anywhere, plain http included, so none is followed.
    response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (thrown) {
    throw unreachable(url, thrown);
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    const { status } = response;
    const where = status >= 300 && status < 400 ? ' (redirects are not followed; name the final address)' : '';
    throw new DocumentError(`${url.origin}${url.pathname} answered ${status}${where}`);
  }
  try {
    return await readLimited(response, url);
  } catch (thrown) {
    throw thrown instanceof DocumentError ? thrown : unreachable(url, thrown);
  }
}

function parseUrl(address: string): URL {
  const url = URL.parse(address);
  if (!url) throw new UsageError(`"${address}" is not a URL`);
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw new UsageError('prices are fetched over https; http is for this machine alone (127.0.0.1, localhost)');
  }
  if (url.username !== '' || url.password !== '') throw new UsageError('the URL must not have a user or password');
  return url;
}

async function readLimited(response: Response, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_DOCUMENT_BYTES) throw tooLarge(url.href);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(place: string): DocumentError {
  return new DocumentError(`${place} is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MB`);
}

function unreachable(url: URL, thrown: unknown): DocumentError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const reason = error.name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : causeOf(error);
  return new DocumentError(`${url.origin} could not be asked: ${reason}`);
}

/** `fetch` says only that it failed; its cause says why. */
function causeOf({ cause, message }: Error): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
