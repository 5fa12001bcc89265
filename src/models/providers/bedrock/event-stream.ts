import { crc32 } from 'node:zlib';

import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';

import { GatewayError } from '../../../core/errors.ts';
import { asString } from '../../../core/json.ts';
import type { FrameBatch, FrameSplitter, PlacedFrame } from '../../transport/frames.ts';

export const EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** Length of all, length of the headers, and the checksum of the two: 4 bytes each. */
const PRELUDE_BYTES = 12;
/** The prelude and the checksum of all. */
const SHORTEST = PRELUDE_BYTES + 4;
/** What AWS itself takes for one message. */
const LONGEST = 16 * 1024 * 1024;

const EMPTY: FrameBatch = { bytes: Buffer.alloc(0), frames: [] };

/** What comes in an exception or an error, in front of its name. */
export const EXCEPTION = 'exception:';

/**
 * Cuts an event stream of AWS into whole messages, whatever the reads were. A frame's event is the message's
 * `:event-type`, and of an exception its type behind {@link EXCEPTION}.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html (the encoding of messages)
 */
export class EventStreamSplitter implements FrameSplitter {
  readonly #codec = new EventStreamCodec(toUtf8, fromUtf8);
  /** Reads of the message that has not ended, joined only where they end it or tell its length. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** Bytes that have to be there before anything can be said. */
  #awaited = PRELUDE_BYTES;

  /** @throws provider_bad_response where a checksum is wrong or a length impossible */
  push(chunk: Buffer): FrameBatch {
    this.#rest.push(chunk);
    this.#restBytes += chunk.length;
    if (this.#restBytes < this.#awaited) return EMPTY;
    const bytes = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest);
    const frames: PlacedFrame[] = [];
    let start = 0;
    for (;;) {
      const length = lengthAt(bytes, start);
      this.#awaited = length ?? PRELUDE_BYTES;
      if (length === undefined || bytes.length - start < length) break;
      frames.push(this.#read(bytes, start, start + length));
      start += length;
    }
    this.#restBytes = bytes.length - start;
    this.#rest = this.#restBytes === 0 ? [] : [bytes.subarray(start)];
    return start === 0 ? EMPTY : { bytes: bytes.subarray(0, start), frames };
  }

  /** @throws stream_interrupted where the bytes ended inside a message */
  flush(): FrameBatch {
    if (this.#restBytes > 0) throw new GatewayError('stream_interrupted');
    return EMPTY;
  }

  #read(bytes: Buffer, start: number, end: number): PlacedFrame {
    try {
      const { headers, body } = this.#codec.decode(bytes.subarray(start, end));
      const header = (name: string): string => asString(headers[name]?.value) ?? '';
      const type = header(':message-type');
      if (type === 'event') return { start, end, event: header(':event-type'), data: toUtf8(body) };
      if (type === 'exception') {
        return { start, end, event: `${EXCEPTION}${header(':exception-type')}`, data: toUtf8(body) };
      }
      const data = JSON.stringify({ message: header(':error-message') });
      return { start, end, event: `${EXCEPTION}${header(':error-code')}`, data };
    } catch (cause) {
      throw damaged(cause);
    }
  }
}

/** Undefined where it has not come whole. The prelude has a checksum of its own, so that a wrong length is not waited for. */
function lengthAt(bytes: Buffer, start: number): number | undefined {
  if (bytes.length - start < PRELUDE_BYTES) return undefined;
  const length = bytes.readUInt32BE(start);
  const headerBytes = bytes.readUInt32BE(start + 4);
  const checksum = bytes.readUInt32BE(start + 8);
  const isIntact = crc32(bytes.subarray(start, start + 8)) === checksum;
  if (!isIntact || length < SHORTEST + headerBytes || length > LONGEST) {
    throw damaged(`a prelude of ${bytes.toString('hex', start, start + PRELUDE_BYTES)}`);
  }
  return length;
}

function damaged(cause: unknown): GatewayError {
  return new GatewayError('provider_bad_response', {
    message: "The provider's stream was damaged on its way: a checksum or a length in it is wrong.",
    cause,
  });
}
