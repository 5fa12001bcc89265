/** Tokenizers of OpenAI's that the library has. */
export type Encoding = 'o200k_base' | 'cl100k_base';

/** The text counts of one encoding. */
export interface TextCounter {
  count(text: string): number;
}

/** Beginnings of the names of models before o200k. */
const CL100K = /^(gpt-4(-|$)|gpt-3\.5|gpt-35|text-embedding-)/;

/** All later models of OpenAI's, and its open ones wherever they are served. */
const O200K = /^(gpt-[4-9]|chatgpt-|o\d(-|$)|ft:gpt-4o|codex-)/;
const OPEN = /gpt-oss/;

/**
 * The tokenizer of a model, where it is known to be one of OpenAI's.
 * That of GPT-6 is not published; it is taken to be that of GPT-5.
 * @see https://github.com/openai/tiktoken/blob/main/tiktoken/model.py (checked 2026-11-21)
 */
export function encodingOf(family: string, model: string): Encoding | undefined {
  if (OPEN.test(model)) return 'o200k_base';
  if (family !== 'openai') return undefined;
  if (CL100K.test(model)) return 'cl100k_base';
  return O200K.test(model) ? 'o200k_base' : undefined;
}

const ASKED_AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/** Pieces of text whose tokens are remembered; the library keeps 100,000 by itself. */
const REMEMBERED = 10_000;

/** Reads the tables, which takes about 100 ms and 60 MB: not for the request thread. */
export async function loadEncoding(encoding: Encoding): Promise<TextCounter> {
  const library =
    encoding === 'o200k_base'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base');
  library.setMergeCacheSize(REMEMBERED);
  // A special token in a prompt is plain text to the API.
  return { count: (text) => library.countTokens(text, ASKED_AS_TEXT) };
}
