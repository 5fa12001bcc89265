import { BoundedMap } from '../../core/bounded-map.ts';
import type { Prompt, PromptPart } from './prompt.ts';
import { hashText } from './random.ts';
import { tokenEnd } from './tokens.ts';

/** Providers cache no prefix that is shorter. */
const LEAST_TOKENS = 1024;
/** OpenAI counts cached tokens in steps. */
const STEP = 128;
const MOST_KEYS = 20_000;

/** A prefix of a prompt: what identifies it, and how long it is. */
interface Prefix {
  readonly key: string;
  readonly tokens: number;
}

/** Input tokens by how they were come by; together they are the whole prompt. */
export interface CachedTokens {
  readonly read: number;
  readonly written5m: number;
  readonly written1h: number;
}

const NOTHING: CachedTokens = { read: 0, written5m: 0, written1h: 0 };

/** Two mixed hashes, since one of 32 bits would meet itself among many prefixes. */
class RunningHash {
  #first: number;
  #second: number;

  constructor(model: string) {
    this.#first = hashText(model);
    this.#second = hashText(model, 1);
  }

  add(text: string, start = 0, end = text.length): void {
    for (let at = start; at < end; at += 1) {
      const code = text.charCodeAt(at);
      this.#first = Math.imul(this.#first ^ code, 0x01000193);
      this.#second = Math.imul(this.#second ^ code, 0x85ebca6b) ^ (this.#second >>> 13);
    }
  }

  key(tokens: number): string {
    return `${this.#first}:${this.#second}:${tokens}`;
  }
}

/** The simulated provider's prompt cache: prefixes that it has seen, the least recently used forgotten first. */
export class PromptCache {
  readonly #seen = new BoundedMap<true>(MOST_KEYS);

  /** How much of the prompt is cached, in the way of its dialect; then remembers it. */
  use(prompt: Prompt): CachedTokens {
    if (prompt.tokens < LEAST_TOKENS) return NOTHING;
    return prompt.dialect === 'openai' ? this.#useSteps(prompt) : this.#useBreakpoints(prompt);
  }

  /** OpenAI caches every long prompt by itself, and what is cached counts in steps of 128. */
  #useSteps({ model, parts }: Prompt): CachedTokens {
    let read = 0;
    for (const { key, tokens } of stepPrefixes(model, parts)) {
      if (this.#seen.get(key)) read = tokens;
      this.#seen.set(key, true);
    }
    return { ...NOTHING, read };
  }

  /** Anthropic caches up to the marks in the request, and finds any earlier block that ended a cached prefix. */
  #useBreakpoints({ model, parts }: Prompt): CachedTokens {
    const blocks = blockPrefixes(model, parts).map((prefix, at) => ({ ...prefix, lifetime: parts[at]?.breakpoint }));
    const lastMark = blocks.findLastIndex(({ lifetime }) => lifetime !== undefined);
    const usable = blocks.slice(0, lastMark + 1).filter(({ tokens }) => tokens >= LEAST_TOKENS);
    const read = usable.findLast(({ key }) => this.#seen.get(key))?.tokens ?? 0;
    const written = { '5m': 0, '1h': 0 };
    let covered = read;
    for (const { key, tokens, lifetime } of usable) {
      if (lifetime === undefined) continue;
      written[lifetime] += Math.max(0, tokens - covered);
      covered = Math.max(covered, tokens);
      this.#seen.set(key, true);
    }
    return { read, written5m: written['5m'], written1h: written['1h'] };
  }
}

/** The prefixes that end at each block. */
function blockPrefixes(model: string, parts: readonly PromptPart[]): Prefix[] {
  const hash = new RunningHash(model);
  let total = 0;
  return parts.map(({ text, tokens }) => {
    hash.add(text);
    hash.add('\0');
    total += tokens;
    return { key: hash.key(total), tokens: total };
  });
}

/** The prefixes of 1024, 1152, … tokens. */
function stepPrefixes(model: string, parts: readonly PromptPart[]): Prefix[] {
  const hash = new RunningHash(model);
  const prefixes: Prefix[] = [];
  let total = 0;
  const pass = (tokens: number): void => {
    for (let left = tokens; left > 0; left -= 1) {
      total += 1;
      if (total >= LEAST_TOKENS && total % STEP === 0) prefixes.push({ key: hash.key(total), tokens: total });
    }
  };
  for (const { text, tokens } of parts) {
    let passed = 0;
    let at = 0;
    for (; at < text.length && passed < tokens; passed += 1) {
      const end = tokenEnd(text, at);
      hash.add(text, at, end);
      pass(1);
      at = end;
    }
    // What is left of an image's bytes, which cost a fixed number of tokens.
    hash.add(text, at);
    hash.add('\0');
    pass(tokens - passed);
  }
  return prefixes;
}
