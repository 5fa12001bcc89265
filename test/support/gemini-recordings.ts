import { recordedFiles, recordedText } from './recordings.ts';

/** What Gemini once answered, as the bytes of the HTTP body. */
export interface GeminiRecording {
  readonly name: string;
  readonly kind: 'stream' | 'whole' | 'error';
  readonly bytes: Buffer;
  /** Each chunk of a stream, or the one body. */
  readonly chunks: readonly string[];
}

/** None where the folder is not there. */
export function geminiRecordings(): readonly GeminiRecording[] {
  return recordedFiles('google/src/__fixtures__/*').map((file) => {
    const text = recordedText(file);
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (!file.endsWith('.chunks.txt')) {
      return { name, kind: text.includes('"error"') ? 'error' : 'whole', bytes: Buffer.from(text), chunks: [text] };
    }
    const chunks = text.split('\n').filter((line) => line.trim() !== '');
    return { name, kind: 'stream', bytes: Buffer.from(framed(chunks)), chunks };
  });
}

/** As Google frames them. */
export function framed(chunks: readonly string[]): string {
  return chunks.map((chunk) => `data: ${chunk}\r\n\r\n`).join('');
}
