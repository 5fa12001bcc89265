import { patchBytes } from '../../src/core/body-patch.ts';
import { CallBody } from '../../src/core/call-body.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { newTraceId } from '../../src/core/ids.ts';
import { ReplyStream } from '../../src/core/reply.ts';
import { openaiWire } from '../../src/models/providers/openai/wire.ts';
import { SseSplitter } from '../../src/models/transport/sse.ts';
import { StreamTap } from '../../src/pipeline/resilience/stream-tap.ts';
import { requestBody, streamFrames, wholeAnswer } from '../traffic.ts';

/** One hot piece of the product, under the bench's own traffic. What `run` returns is kept, so that it is computed. */
export interface Piece {
  readonly name: string;
  readonly run: () => unknown;
}

const whole = Buffer.from(wholeAnswer());
const body = Buffer.from(requestBody('upstream/bench-1', true));
const frames = streamFrames(true);
const streamBytes = Buffer.from(frames.join(''));
const stillProducer = { pause() {}, resume() {}, cancel() {} };
const textItem = { bytes: Buffer.from(frames[1] ?? ''), events: [] };
const placedFrames = new SseSplitter().push(streamBytes).frames;

function readStream(): boolean {
  const reader = openaiWire.streamReader({ hideUsageFrame: true });
  for (const { event, data = '' } of placedFrames) reader.step({ event, data });
  return reader.complete;
}

/** As a relayed stream is read: what differs in its text alone is told by its bytes. */
function tapStream(): boolean {
  const tap = new StreamTap(openaiWire.streamReader({ hideUsageFrame: true }), undefined, true);
  tap.take(streamBytes);
  return tap.complete;
}

function deliverStream(): unknown {
  const stream = new ReplyStream(stillProducer);
  stream.read({ item: () => true, terminal() {} });
  for (let at = 0; at < frames.length; at += 1) stream.push(textItem);
  stream.end({ kind: 'completed', finishReason: 'stop', usage: undefined });
  return stream.terminal;
}

export const PIECES: readonly Piece[] = [
  { name: 'newTraceId', run: () => newTraceId(1_700_000_000_000) },
  { name: 'CallBody.json, 1 KB', run: () => new CallBody(body).json },
  {
    name: 'patchBytes, replace the model',
    run: () => patchBytes(body, [{ op: 'set', path: '/model', value: 'bench-1' }]),
  },
  {
    name: 'patchBytes, add stream_options',
    run: () => patchBytes(body, [{ op: 'set', path: '/stream_options', value: { include_usage: true } }]),
  },
  { name: 'Wire.readWhole, 1 KB', run: () => openaiWire.readWhole('chat', JSON.parse(whole.toString()) as JsonObject) },
  { name: `SseSplitter.push, ${frames.length} frames`, run: () => new SseSplitter().push(streamBytes) },
  { name: `StreamReader.step, ${frames.length} frames`, run: readStream },
  { name: `StreamTap.take, ${frames.length} frames`, run: tapStream },
  { name: `ReplyStream, ${frames.length} items`, run: deliverStream },
];
