import type { StreamEvent } from '../../src/core/events.ts';
import { anthropicWire } from '../../src/models/providers/anthropic/wire.ts';
import { openaiCompatibleWire, openaiWire } from '../../src/models/providers/openai/wire.ts';
import type { Wire } from '../../src/models/providers/provider.ts';
import { SseSplitter } from '../../src/models/transport/sse.ts';
import type { Recording } from './recordings.ts';

/** The wire of the provider that made the recording. */
export function wireOf({ name, dialect }: Recording): Wire {
  if (dialect === 'anthropic') return anthropicWire;
  return name.startsWith('openai/') ? openaiWire : openaiCompatibleWire;
}

export interface StreamReading {
  readonly events: readonly StreamEvent[];
  readonly complete: boolean;
}

/** A stream as the gateway reads it, from the reads of its socket. */
export function readStream(wire: Wire, reads: readonly Buffer[]): StreamReading {
  const splitter = new SseSplitter();
  const reader = wire.streamReader({ hideUsageFrame: false });
  const batches = [...reads.map((bytes) => splitter.push(bytes)), splitter.flush()];
  const events = batches.flatMap(({ frames }) =>
    frames.flatMap(({ event, data }) => (data === undefined ? [] : reader.step({ event, data }).events)),
  );
  return { events, complete: reader.complete };
}
