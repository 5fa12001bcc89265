import { encodersByScript } from './by-script.ts';
import type { Encoders } from './encoder.ts';
import { openLexicalEncoder } from './lexical-encoder.ts';
import { openOnnxEncoder } from './onnx-encoder.ts';
import { openSentenceEncoder } from './sentence-encoder.ts';

/**
 * What makes vectors of texts in this process: the model of a folder, or else what is shipped, by script.
 * @throws Error where the folder's model cannot be loaded
 */
export async function openEncoders(folder?: string): Promise<Encoders> {
  if (folder !== undefined) {
    const encoder = await openOnnxEncoder(folder);
    return { of: () => encoder };
  }
  return encodersByScript(await openSentenceEncoder(), openLexicalEncoder());
}
