import type { Capabilities } from './capabilities.ts';
import { ANTHROPIC } from './list/anthropic.ts';
import { ARK } from './list/ark.ts';
import { COHERE } from './list/cohere.ts';
import { DASHSCOPE } from './list/dashscope.ts';
import { DEEPSEEK } from './list/deepseek.ts';
import { FIREWORKS } from './list/fireworks.ts';
import { GEMINI_MODELS } from './list/gemini.ts';
import { GROQ } from './list/groq.ts';
import { MISTRAL } from './list/mistral.ts';
import { MOONSHOT } from './list/moonshot.ts';
import { OPENAI } from './list/openai.ts';
import { PERPLEXITY } from './list/perplexity.ts';
import { SIMULATOR } from './list/simulator.ts';
import { TOGETHER } from './list/together.ts';
import { XAI } from './list/xai.ts';
import { ZHIPU } from './list/zhipu.ts';
import type { CapabilityRow } from './row.ts';

/** By family: the provider's preset, or its type where it has none. */
export const CAPABILITY_ROWS: Readonly<Record<string, readonly CapabilityRow[]>> = {
  openai: OPENAI,
  anthropic: ANTHROPIC,
  deepseek: DEEPSEEK,
  dashscope: DASHSCOPE,
  'dashscope-intl': DASHSCOPE,
  moonshot: MOONSHOT,
  zhipu: ZHIPU,
  zai: ZHIPU,
  ark: ARK,
  mistral: MISTRAL,
  gemini: GEMINI_MODELS,
  groq: GROQ,
  together: TOGETHER,
  fireworks: FIREWORKS,
  xai: XAI,
  cohere: COHERE,
  perplexity: PERPLEXITY,
  simulator: SIMULATOR,
};

/** The models of a family that the table names one by one. */
export function namedModels(family: string): string[] {
  return (CAPABILITY_ROWS[family] ?? []).flatMap(({ models }) => models.filter((name) => !name.endsWith('*')));
}

interface Family {
  readonly exact: ReadonlyMap<string, Capabilities>;
  /** Beginnings of names, the longest first. */
  readonly patterns: readonly (readonly [beginning: string, Capabilities])[];
}

const FAMILIES: ReadonlyMap<string, Family> = new Map(
  Object.entries(CAPABILITY_ROWS).map(([name, rows]) => [name, indexed(rows)]),
);

/** A snapshot's date behind a model's name: `-20250929`, `-2024-08-06`, `-260215`. */
const DATE_SUFFIX = /-(\d{8}|\d{4}-\d{2}-\d{2}|\d{6})$/;

/** What is known of a model: by its name, then by its name without a snapshot's date, then by the longest pattern. */
export function capabilitiesOf(family: string, model: string): Capabilities | undefined {
  const found = FAMILIES.get(family);
  if (!found) return undefined;
  const exact = found.exact.get(model) ?? found.exact.get(model.replace(DATE_SUFFIX, ''));
  return exact ?? found.patterns.find(([beginning]) => model.startsWith(beginning))?.[1];
}

function indexed(rows: readonly CapabilityRow[]): Family {
  const exact = new Map<string, Capabilities>();
  const patterns: [string, Capabilities][] = [];
  for (const { models, sources: _, ...capabilities } of rows) {
    for (const model of models) {
      if (model.endsWith('*')) patterns.push([model.slice(0, -1), capabilities]);
      else exact.set(model, capabilities);
    }
  }
  return { exact, patterns: patterns.toSorted(([a], [b]) => b.length - a.length) };
}
