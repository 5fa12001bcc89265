import { randomBytes } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { GatewayError } from '../../core/errors.ts';
import { absencePage } from './absence-page.ts';
import type { ConsoleFiles } from './console-files.ts';
import { type Encoding, INDEX, type ServedFile, namesFile } from './file-set.ts';
import { CONSOLE_HEADERS, policyWithNonce } from './page-headers.ts';

const CONSOLE = '/console';
/** Hidden from the description of the API. */
const UNLISTED = { hide: true };
/** Where a page has this, each answer gets another nonce in its place, with which libraries may add styles. */
const NONCE_MARK = '__CSP_NONCE__';
const READING = ['GET', 'HEAD'];

/** `/console/*`: the files of the built console, and its first page for everything else. */
export function registerConsoleRoutes(app: FastifyInstance, files: ConsoleFiles): void {
  app.route({
    method: READING,
    url: CONSOLE,
    schema: UNLISTED,
    handler: (request, reply) => reply.redirect(`${CONSOLE}/${queryOf(request.url)}`, 308),
  });
  app.route<{ Params: { readonly '*': string } }>({
    method: READING,
    url: `${CONSOLE}/*`,
    schema: UNLISTED,
    handler: (request, reply) => answer(files, request.params['*'], request, reply),
  });
}

/** Whether somebody opened the gateway's address in a browser. */
export function looksForConsole({ method, url, headers }: FastifyRequest): boolean {
  return method === 'GET' && /^\/(?:\?|$)/.test(url) && (headers.accept ?? '').includes('text/html');
}

export function redirectToConsole(reply: FastifyReply): void {
  void reply.redirect(`${CONSOLE}/`, 302);
}

function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark);
}

/** @throws path_not_found */
async function answer(files: ConsoleFiles, path: string, request: FastifyRequest, reply: FastifyReply) {
  void reply.headers(CONSOLE_HEADERS);
  const set = await files.current();
  const index = set?.get(INDEX);
  if (!set || !index) return sendAbsence(files, reply);
  if (path === '' || path === INDEX) return sendPage(index, request, reply);
  const file = set.get(path);
  if (file) return sendFile(file, request, reply);
  if (!namesFile(path)) return sendPage(index, request, reply);
  throw new GatewayError('path_not_found', {
    message: 'The console has no such file. It may be of an earlier version: load the page again.',
  });
}

function sendAbsence({ absence }: ConsoleFiles, reply: FastifyReply): FastifyReply {
  return reply
    .status(503)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'retry-after': '3' })
    .send(absencePage(absence));
}

/** The first page: always asked for anew, since it names the files of its version. */
function sendPage(page: ServedFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!page.body.includes(NONCE_MARK)) return sendFile(page, request, reply);
  const nonce = randomBytes(16).toString('base64');
  const own = {
    'content-type': page.type,
    'cache-control': 'no-store',
    'content-security-policy': policyWithNonce(nonce),
  };
  return reply.headers(own).send(page.body.toString().replaceAll(NONCE_MARK, nonce));
}

function sendFile(file: ServedFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const encoding = acceptedOf(file, request.headers['accept-encoding'] ?? '');
  const body = encoding === undefined ? file.body : (file.encoded.get(encoding) ?? file.body);
  const etag = `"${file.tag}${encoding === undefined ? '' : `-${encoding}`}"`;
  void reply.headers({
    'content-type': file.type,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag,
    vary: 'accept-encoding',
  });
  if (isKnown(request.headers['if-none-match'], etag)) return reply.status(304).send();
  if (encoding !== undefined) void reply.header('content-encoding', encoding);
  return reply.send(body);
}

/** The best of the encodings that there are and that the browser takes. */
function acceptedOf(file: ServedFile, accepted: string): Encoding | undefined {
  const words = new Set(accepted.toLowerCase().split(',').flatMap(taken));
  return [...file.encoded.keys()].find((encoding) => words.has(encoding));
}

/** `br;q=0` says that it is not taken. */
function taken(part: string): string[] {
  const [word = '', ...parameters] = part.split(';').map((text) => text.trim());
  return parameters.some((text) => /^q=0(?:\.0*)?$/.test(text)) ? [] : [word];
}

function isKnown(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false;
}
