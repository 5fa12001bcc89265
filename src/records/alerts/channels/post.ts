import type { IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

import { VERSION } from '../../../core/version.ts';
import { type Resolve, checkWrittenAddress, guardedLookup } from './guarded-socket.ts';

/** One POST to a receiver. */
export interface Post {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

export interface PostAnswer {
  readonly status: number;
  /** The first 64 KB of it. */
  readonly body: string;
  readonly retryAfter: string | undefined;
}

export interface PostOptions {
  readonly allowPrivate: boolean;
  readonly resolve?: Resolve | undefined;
  readonly timeoutMs?: number | undefined;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

/**
 * Sends to an address that somebody chose: only where the policy for outbound addresses allows it, with a socket of its
 * own, through no proxy. Redirects are not followed, since they could lead anywhere.
 * @throws the system's error, RefusedAddressError, or an Error that says that there was no answer in time
 */
export async function post({ url, headers, body }: Post, options: PostOptions): Promise<PostAnswer> {
  const { allowPrivate, resolve, timeoutMs = TIMEOUT_MS } = options;
  const address = new URL(url);
  checkWrittenAddress(address.hostname, { allowPrivate });
  const signal = AbortSignal.timeout(timeoutMs);
  const bytes = Buffer.from(body);
  const send = address.protocol === 'http:' ? requestHttp : requestHttps;
  const request = send(address, {
    method: 'POST',
    agent: false,
    lookup: guardedLookup({ allowPrivate }, resolve),
    signal,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(bytes.length),
      'user-agent': `causeway/${VERSION}`,
      ...headers,
    },
  });
  try {
    const response = await new Promise<IncomingMessage>((answered, failed) => {
      request.once('response', answered).once('error', failed);
      request.end(bytes);
    });
    return {
      status: response.statusCode ?? 0,
      body: await beginningOf(response),
      retryAfter: response.headers['retry-after'],
    };
  } catch (thrown) {
    throw signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : thrown;
  } finally {
    request.destroy();
  }
}

/** What is beyond the first bytes is not waited for. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}
