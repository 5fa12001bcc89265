import { MARKER_BYTES, encodeFacts, entryLength, keepText, writeEntry } from '../../src/records/journal/entry-codec.ts';
import type { CallRecord, CallTexts } from '../../src/records/journal/record.ts';

export interface RecordAndTexts {
  readonly record: CallRecord;
  /** JSON, or the bytes themselves. */
  readonly input?: object | Uint8Array | undefined;
  readonly output?: object | Uint8Array | undefined;
}

const STAMP = { marker: Buffer.alloc(MARKER_BYTES, 7), appendedAt: 0 };

/** Records as the journal encodes them. */
export function journalChunk(entries: readonly RecordAndTexts[], maxBodyBytes = 256 * 1024): Buffer {
  const encoded = entries.map(({ record, input, output }) => {
    const facts = encodeFacts(record);
    return {
      facts,
      factsBytes: Buffer.byteLength(facts),
      input: keepText(bytesOf(input), maxBodyBytes),
      output: keepText(bytesOf(output), maxBodyBytes),
      textsDropped: false,
    };
  });
  const chunk = Buffer.alloc(encoded.reduce((sum, entry) => sum + entryLength(entry), 0));
  let at = 0;
  for (const entry of encoded) at = writeEntry(chunk, at, entry, STAMP);
  return chunk;
}

function bytesOf(text: object | Uint8Array | undefined): CallTexts['input'] {
  if (text === undefined || text instanceof Uint8Array) return text;
  return Buffer.from(JSON.stringify(text));
}
