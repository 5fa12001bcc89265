import type { Call } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { type JsonObject, isJsonObject, parseJson } from '../../../core/json.ts';
import type { StreamItem } from '../../../core/reply.ts';
import type { Wire } from '../../../models/providers/provider.ts';
import { SseSplitter } from '../../../models/transport/sse.ts';
import { asksUsageFrame } from './form.ts';

/**
 * A stream that was kept as it came, frame by frame, read as its provider's streams are read. A last frame with the
 * usage is left out for a client that did not ask for one.
 * @returns undefined where it lacks the usage that this client asks for
 */
export function framesOf(call: Call, wire: Wire, body: Buffer): StreamItem[] | undefined {
  const asksUsage = asksUsageFrame(call);
  const reader = wire.streamReader({ hideUsageFrame: !asksUsage, operation: call.operation });
  const { bytes, frames } = new SseSplitter().push(body);
  const items: StreamItem[] = [];
  for (const { start, end, event, data } of frames) {
    const reading = data === undefined ? undefined : reader.step({ event, data });
    const events: readonly StreamEvent[] = reading?.events ?? [];
    if (reading?.hidden) items.push({ events });
    else items.push({ bytes: bytes.subarray(start, end), events });
  }
  const hasUsage = items.some(({ events }) => events.some(({ type }) => type === 'usage'));
  return asksUsage && !hasUsage ? undefined : items;
}

/** Several items as one, so that they are written at once. */
export function joined(items: readonly StreamItem[]): StreamItem {
  const shown = items.flatMap(({ bytes }) => (bytes ? [bytes] : []));
  return { bytes: Buffer.concat(shown), events: items.flatMap(({ events }) => events) };
}

/** The whole response that the last frame of a stream in the dialect `responses` has; undefined in all others. */
export function wholeInFrames({ dialect }: Call, body: Buffer): JsonObject | undefined {
  if (dialect !== 'responses') return undefined;
  const { frames } = new SseSplitter().push(body);
  for (const { data } of frames.toReversed()) {
    const said = data === undefined ? undefined : parseJson(data);
    if (!isJsonObject(said) || said['type'] !== 'response.completed') continue;
    return isJsonObject(said['response']) ? said['response'] : undefined;
  }
  return undefined;
}
