import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One request of the recorded hour. */
export interface TraceLine {
  /** Milliseconds after the first one. */
  readonly atMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const FILE = join(process.env['CAUSEWAY_TEST_DATA'] ?? join('..', 'shared', 'data'), 'load', 'azure-conversation.csv');

/** Why there is no recorded traffic here, or false. */
export const noAzureTrace =
  !existsSync(FILE) &&
  `no ${FILE} here: it is AzureLLMInferenceTrace_conv.csv of github.com/Azure/AzurePublicDataset, and CAUSEWAY_TEST_DATA names its folder's parent`;

/** Conversations of one hour of November 2023, with the sizes of their prompts and answers. */
export function readAzureTrace(): TraceLine[] {
  return parseAzureTrace(readFileSync(FILE, 'utf8'));
}

/** @throws Error naming the line at fault */
export function parseAzureTrace(text: string): TraceLine[] {
  const [, ...lines] = text.trim().split(/\r?\n/);
  let first: number | undefined;
  return lines.map((line, at) => {
    const [time = '', input = '', output = ''] = line.split(',');
    // `2023-11-16 18:15:46.6805900`: finer than a Date reads.
    const ms = Date.parse(`${time.slice(0, 23).replace(' ', 'T')}Z`);
    const [inputTokens, outputTokens] = [Number(input), Number(output)];
    if (Number.isNaN(ms + inputTokens + outputTokens)) throw new Error(`line ${at + 2} is not a request: ${line}`);
    first ??= ms;
    return { atMs: ms - first, inputTokens, outputTokens };
  });
}
