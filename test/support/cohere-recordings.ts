import { recordedText, recordingsMissing } from './recordings.ts';

const FOLDER = 'cohere/src/__fixtures__';
const WHOLES = ['text', 'tool-call', 'null-args', 'reasoning', 'citations', 'max-tokens'];
const STREAMS = ['text', 'tool-call', 'empty-tool-call', 'reasoning'];

/** What Cohere once answered in its chat, as the bytes of the HTTP body. */
export interface CohereRecording {
  readonly name: string;
  readonly kind: 'stream' | 'whole';
  readonly bytes: Buffer;
}

/** None where the folder is not there. */
export function cohereRecordings(): readonly CohereRecording[] {
  if (recordingsMissing() !== false) return [];
  return [
    ...WHOLES.map((name): CohereRecording => ({ name, kind: 'whole', bytes: recorded(`cohere-${name}.json`) })),
    ...STREAMS.map((name): CohereRecording => ({
      name,
      kind: 'stream',
      bytes: framed(recorded(`cohere-${name}.chunks.txt`)),
    })),
  ];
}

function recorded(file: string): Buffer {
  return Buffer.from(recordedText(`${FOLDER}/${file}`));
}

/** A file has one JSON chunk a line. */
function framed(chunks: Buffer): Buffer {
  const lines = chunks.toString().split('\n').filter(Boolean);
  const frames = lines.map((line) => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`);
  return Buffer.from(frames.join(''));
}
