import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';

import { isJsonObject } from '../../src/core/json.ts';
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

/** The frame of an event that is written as `{ "<event type>": payload }`. */
function frameOf(event: object): Buffer {
  const [entry] = Object.entries(event);
  if (!entry || !isJsonObject(entry[1])) throw new Error(`no event: ${JSON.stringify(event)}`);
  return eventFrame(entry[0], entry[1]);
}

/** A whole stream of such events. */
export function eventStream(events: readonly object[]): Buffer {
  return Buffer.concat(events.map(frameOf));
}

/** The frames of such events, one a line. */
export function framesOf(lines: string): Buffer[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => frameOf(JSON.parse(line) as object));
}

/** A stream of these events. */
export function streamOf(...events: readonly (readonly [type: string, payload: object])[]): UpstreamAnswer {
  return { headers: EVENT_STREAM_HEADERS, chunks: events.map(([type, payload]) => eventFrame(type, payload)) };
}
