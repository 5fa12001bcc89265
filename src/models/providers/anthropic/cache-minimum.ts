/** Where no more is known: what is marked below a model's minimum is not cached, and costs nothing. */
const USUAL = 1024;

/**
 * The shortest prefix that a model caches, in tokens.
 * @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching (read in copies of it, checked 2026-11-21)
 */
const MINIMA: readonly (readonly [names: RegExp, tokens: number])[] = [
  [/claude-(?:opus-4-[567]|haiku-4-5)(?!\d)/, 4096],
  [/claude-3-(?:5-)?haiku/, 2048],
];

/** @param model as any provider names it: `claude-opus-4-5@20251101`, `us.anthropic.claude-haiku-4-5-20251001-v1:0` */
export function leastCachedTokens(model: string): number {
  return MINIMA.find(([names]) => names.test(model))?.[1] ?? USUAL;
}
