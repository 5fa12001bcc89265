import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';

import { Busboy } from '@fastify/busboy';

/** What a stand-in got of one form. */
export interface ReceivedForm {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly {
    readonly name: string;
    readonly filename: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

export interface HashingUpstream {
  readonly url: string;
  readonly received: readonly ReceivedForm[];
  close(): void;
}

/** A stand-in for a provider that takes forms and keeps nothing of their files but a hash. */
export async function startHashingUpstream(
  answer: (form: ReceivedForm) => object = () => ({ text: 'ok' }),
): Promise<HashingUpstream> {
  const received: ReceivedForm[] = [];
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await receiveForm(message);
    received.push(form);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(form)));
  };
  const server = createServer((message, response) => {
    serve(message, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function receiveForm(message: IncomingMessage): Promise<ReceivedForm> {
  const fields: Record<string, string> = {};
  const files: ReceivedForm['files'][number][] = [];
  const { url: path = '', headers } = message;
  const parser = new Busboy({ headers: { ...headers, 'content-type': headers['content-type'] ?? '' } });
  parser.on('field', (name, value) => void (fields[name] = value));
  parser.on('file', (name, stream, filename) => {
    const hash = createHash('sha256');
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      hash.update(chunk);
    });
    stream.on('end', () => files.push({ name, filename, bytes, sha256: hash.digest('hex') }));
  });
  await pipeline(message, parser);
  return { path, fields, files };
}

/** A file that is made while it is sent. */
export interface GeneratedFile {
  readonly bytes: number;
  /** Of everything, once it was all taken. */
  sha256(): string;
  chunks(): Generator<Buffer, undefined>;
}

const CHUNK = 65_536;

/** The same bytes in each run, and no two chunks alike. */
export function generatedFile(bytes: number): GeneratedFile {
  const hash = createHash('sha256');
  return {
    bytes,
    sha256: () => hash.digest('hex'),
    *chunks() {
      const pattern = Buffer.alloc(CHUNK);
      for (let at = 0; at < CHUNK; at += 1) pattern[at] = (at * 2_654_435_761) >>> 13;
      for (let sent = 0; sent < bytes; sent += CHUNK) {
        const chunk = Buffer.from(pattern.subarray(0, Math.min(CHUNK, bytes - sent)));
        chunk.writeUInt32LE(sent >>> 0);
        hash.update(chunk);
        yield chunk;
      }
      return undefined;
    },
  };
}

export type FieldOrder = 'model first' | 'file first';

export interface FormAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends a transcription's form as fast as it is taken. */
export async function uploadForm(
  url: string,
  key: string,
  model: string,
  file: GeneratedFile,
  order: FieldOrder,
): Promise<FormAnswer> {
  const boundary = 'form-of-the-drill';
  const sending = request(`${url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
  });
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  await pipeline(Readable.from(formOf(boundary, model, file, order), { objectMode: false }), sending);
  const [response] = await answered;
  return { status: response.statusCode ?? 0, text: await text(response) };
}

function* formOf(
  boundary: string,
  model: string,
  file: GeneratedFile,
  order: FieldOrder,
): Generator<Buffer, undefined> {
  const named = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\n${model}\r\n`);
  if (order === 'model first') yield named;
  yield Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="long.wav"\r\nContent-Type: audio/wav\r\n\r\n`,
  );
  yield* file.chunks();
  yield Buffer.from('\r\n');
  if (order === 'file first') yield named;
  yield Buffer.from(`--${boundary}--\r\n`);
  return undefined;
}
