import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';

import { type JsonObject, isJsonObject } from '../../src/core/json.ts';
import type { UpstreamAnswer } from './upstream.ts';

export const EVENT_STREAM_HEADERS = {
  'content-type': 'application/vnd.amazon.eventstream',
  'x-amzn-requestid': 'req_1',
};

const codec = new EventStreamCodec(toUtf8, fromUtf8);

function message(headers: Readonly<Record<string, string>>, payload: object): Buffer {
  const tagged = Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }] as const);
  const body = fromUtf8(JSON.stringify(payload));
  return Buffer.from(codec.encode({ headers: Object.fromEntries(tagged), body }));
}

/** One event as AWS frames it. */
export function eventFrame(type: string, payload: object): Buffer {
  return message({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload);
}

/** What ends a stream that went wrong. */
export function exceptionFrame(type: string, payload: object): Buffer {
  return message(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    payload,
  );
}

/** Events that are written one a line as `{ "<event type>": payload }`. */
export function framesOf(lines: string): Buffer[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [entry] = Object.entries(JSON.parse(line) as JsonObject);
      if (!entry || !isJsonObject(entry[1])) throw new Error(`no event: ${line}`);
      return eventFrame(entry[0], entry[1]);
    });
}

/** A stream of these events. */
export function streamOf(...events: readonly (readonly [type: string, payload: object])[]): UpstreamAnswer {
  return { headers: EVENT_STREAM_HEADERS, chunks: events.map(([type, payload]) => eventFrame(type, payload)) };
}
