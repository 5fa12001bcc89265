import type { Preset } from '../src/models/providers/openai-compatible/presets/preset.ts';
import { PRESETS } from '../src/models/providers/openai-compatible/presets.ts';
import type { Quirks } from '../src/models/providers/openai/quirks.ts';

const BEGIN = '<!-- presets: begin (written by npm run generate) -->';
const END = '<!-- presets: end -->';

const REASONING: Readonly<Record<Quirks['reasoning'], string>> = {
  effort: 'thinking by `reasoning_effort`',
  'effort-where-known': 'thinking by `reasoning_effort`, of models that are known to think',
  enable_thinking: 'thinking by `enable_thinking` and `thinking_budget`',
  thinking: 'thinking by `thinking`',
  chat_template: 'thinking by `chat_template_kwargs`, on or off',
  reasoning: 'thinking by `reasoning`',
  none: 'cannot be told how much to think',
};

const PREFILL: Readonly<Record<NonNullable<Quirks['prefill']>, string>> = {
  prefix: 'continues an answer by `prefix`',
  partial: 'continues an answer by `partial`',
  continue_final_message: 'continues an answer by `continue_final_message`',
  'by-itself': 'continues an answer by itself',
  refused: 'refuses to continue an answer',
};

/** The document with the table of presets between its two marks. @throws RangeError where a mark is missing */
export function withPresets(markdown: string): string {
  const begin = markdown.indexOf(BEGIN);
  const end = markdown.indexOf(END);
  if (begin < 0 || end < begin) throw new RangeError(`the document has no "${BEGIN}" … "${END}"`);
  const rows = Object.entries(PRESETS).map(([name, preset]) => row(name, preset));
  const head =
    '| preset | server | base URL | key | read | what it does in a way of its own |\n|---|---|---|---|---|---|';
  return `${markdown.slice(0, begin + BEGIN.length)}\n\n${head}\n${rows.join('\n')}\n\n${markdown.slice(end)}`;
}

function row(name: string, { title, baseUrl, keyVariable, checked, quirks }: Preset): string {
  const words = [...wire(quirks), ...thinking(quirks), ...conversation(quirks), ...leftOut(quirks)];
  if (quirks.models) words.push('some models differ');
  const key = keyVariable === undefined ? '–' : `\`${keyVariable}\``;
  return `| \`${name}\` | ${title} | \`${baseUrl}\` | ${key} | ${checked ?? 'no'} | ${words.join('; ')} |`;
}

function wire(quirks: Quirks): string[] {
  const { maxTokensField, mostStops, seedField } = quirks;
  return present([
    `\`${maxTokensField}\``,
    seedField === 'seed' ? undefined : `\`${seedField}\``,
    quirks.topK && 'takes `top_k`',
    !quirks.choices && '`n` becomes as many requests',
    !quirks.usageFrame && 'no `stream_options`',
    mostStops < 4 || (mostStops > 4 && Number.isFinite(mostStops)) ? `stop sequences: ${mostStops}` : undefined,
    quirks.jsonSchema === 'json-object' && 'JSON mode without a schema only',
    quirks.jsonSchema === 'json-object-value' && 'JSON Schema under `value`',
    !quirks.jsonObject && 'no JSON mode without a schema',
  ]);
}

function thinking({ reasoning, reasoningHistory, thinkTags, prefill }: Quirks): string[] {
  return present([
    REASONING[reasoning],
    reasoningHistory && `takes it back in \`${reasoningHistory}\``,
    thinkTags && 'may leave `<think>` in the text',
    prefill ? PREFILL[prefill] : 'does not continue an answer',
  ]);
}

function conversation(quirks: Quirks): string[] {
  return present([
    quirks.oneCallByDefault && 'is told that it may call several tools',
    quirks.toolIds === 'nine' && 'ids of calls have nine letters and digits',
    quirks.turns === 'alternate' && 'user and assistant in turns',
    quirks.turns === 'bridged' && "no user's message after results of tools",
    !quirks.imageUrls && 'images as data only',
    quirks.documents === undefined && 'no documents',
    quirks.cacheControl && 'takes `cache_control`',
  ]);
}

function leftOut({ untaken }: Quirks): string[] {
  return untaken.length > 0 ? [`not taken: ${untaken.join(', ')}`] : [];
}

function present(words: readonly (string | false | undefined)[]): string[] {
  return words.filter((word) => typeof word === 'string');
}
