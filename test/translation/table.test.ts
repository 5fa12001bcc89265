import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { withTranslationTables } from '../../scripts/translation-docs.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { FEATURES, type Feature } from '../../src/core/inference/features.ts';
import type { InferenceRequest, TranslationNote } from '../../src/core/inference/request.ts';
import type { Treatment } from '../../src/core/inference/translation.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { FieldRow } from '../../src/edge/dialects/field-table.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { ANTHROPIC_BASE, ANTHROPIC_EXAMPLES } from '../support/anthropic-field-examples.ts';
import { CROSSINGS, type Crossing } from '../support/crossings.ts';
import { GEMINI_BASE, GEMINI_EXAMPLES } from '../support/gemini-field-examples.ts';
import { OPENAI_BASE, OPENAI_EXAMPLES } from '../support/openai-field-examples.ts';

/** In place of the usual example: where an approximation loses nothing of that, or it makes no request. */
interface Special {
  readonly body?: JsonObject;
  readonly capabilities?: Capabilities;
}

const TEXT: JsonObject = { type: 'text', text: 'a' };
const HELLO: JsonObject = { role: 'user', content: 'hi' };

function fiveTimes(part: JsonObject): JsonObject {
  return { messages: [{ role: 'user', content: [part, part, part, part, part] }] };
}

const CACHED = fiveTimes({ ...TEXT, cache_control: { type: 'ephemeral' } });
const FUNCTION: JsonObject = { name: 'f', input_schema: { type: 'object' } };
const NO_SAMPLING: Special = { capabilities: { sampling: false } };

const OPENAI_SPECIAL: Readonly<Record<string, Special>> = {
  'messages[assistant] as the last': { body: { messages: [HELLO, { role: 'assistant', content: 'I say: ' }] } },
  'messages[].cache_control': { body: CACHED },
  'messages[].content[].cache_control': { body: CACHED },
  'messages[].content[].prompt_cache_breakpoint': {
    body: fiveTimes({ ...TEXT, prompt_cache_breakpoint: { mode: 'explicit' } }),
  },
  'tools[].cache_control': {
    body: {
      tools: ['a', 'b', 'c', 'd', 'e'].map((name) => ({
        type: 'function',
        function: { name },
        cache_control: { type: 'ephemeral' },
      })),
    },
  },
  'messages[].content[file].filename': {
    body: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'file', file: { filename: 't'.repeat(501), file_data: 'data:application/pdf;base64,JVBERi0=' } },
          ],
        },
      ],
    },
  },
  'tools[function].strict': {
    body: {
      tools: [
        {
          type: 'function',
          function: { name: 'f', strict: true, parameters: { type: 'object', additionalProperties: true } },
        },
      ],
    },
  },
  temperature: { body: { temperature: 1.5 } },
  top_p: { body: { temperature: 0.5, top_p: 0.5 } },
  top_k: NO_SAMPLING,
  stop: { body: { stop: ['END', '\n'] } },
  'response_format (json_schema)': { capabilities: { jsonSchema: false } },
  'thinking (enabled) with budget_tokens': {
    body: { max_tokens: 5000, thinking: { type: 'enabled', budget_tokens: 9000 } },
  },
  'reasoning_effort (none)': { capabilities: { reasoningAlways: true } },
  'thinking (disabled)': { capabilities: { reasoningAlways: true } },
};

const ANTHROPIC_SPECIAL: Readonly<Record<string, Special>> = {
  'tool_choice (any)': { body: { tools: [FUNCTION], tool_choice: { type: 'any' } } },
  'tool_choice (tool)': { body: { tools: [FUNCTION], tool_choice: { type: 'tool', name: 'f' } } },
  max_tokens: { capabilities: { outputTokens: 4 } },
  temperature: NO_SAMPLING,
  top_p: NO_SAMPLING,
  stop_sequences: { body: { stop_sequences: ['a', 'b', 'c', 'd', 'e'] } },
  'thinking (disabled)': { capabilities: { reasoning: true, efforts: ['low', 'high'] } },
  'output_config.effort': { capabilities: { reasoning: true, efforts: ['low', 'high'] } },
};

const MODEL_BEGINS: JsonObject = { role: 'model', parts: [{ text: 'I say: ' }] };

function generation(generationConfig: JsonObject): JsonObject {
  return { generationConfig };
}

const GEMINI_TO_ANTHROPIC: Readonly<Record<string, Special>> = {
  'contents[role=model] as the last': { body: { contents: [{ parts: [{ text: 'hi' }] }, MODEL_BEGINS] } },
  'contents[].parts[].inlineData.displayName': {
    body: {
      contents: [
        {
          parts: [{ inlineData: { mimeType: 'application/pdf', data: 'JVBERi0=', displayName: 't'.repeat(501) } }],
        },
      ],
    },
  },
  'generationConfig.temperature': { body: generation({ temperature: 1.5 }) },
  'generationConfig.topP': { body: generation({ temperature: 0.5, topP: 0.5 }) },
  'generationConfig.topK': NO_SAMPLING,
  'generationConfig.stopSequences': { body: generation({ stopSequences: ['END', '\n'] }) },
  'generationConfig.responseSchema': { capabilities: { jsonSchema: false } },
  'generationConfig.responseJsonSchema': { capabilities: { jsonSchema: false } },
  'generationConfig.thinkingConfig.thinkingBudget': {
    body: generation({ maxOutputTokens: 5000, thinkingConfig: { thinkingBudget: 9000 } }),
  },
  'generationConfig.thinkingConfig.thinkingBudget (0)': { capabilities: { reasoningAlways: true } },
};

const GEMINI_TO_OPENAI: Readonly<Record<string, Special>> = {
  'generationConfig.maxOutputTokens': { capabilities: { outputTokens: 4 } },
  'generationConfig.temperature': NO_SAMPLING,
  'generationConfig.topP': NO_SAMPLING,
  'generationConfig.stopSequences': { body: generation({ stopSequences: ['a', 'b', 'c', 'd', 'e'] }) },
  'generationConfig.frequencyPenalty': NO_SAMPLING,
  'generationConfig.presencePenalty': NO_SAMPLING,
  'generationConfig.thinkingConfig.thinkingBudget (0)': {
    capabilities: { reasoning: true, efforts: ['low', 'high'] },
  },
  'generationConfig.thinkingConfig.thinkingLevel': {
    capabilities: { reasoning: true, efforts: ['medium', 'high'] },
  },
};

interface Examples {
  readonly base: JsonObject;
  readonly usual: Readonly<Record<string, JsonObject>>;
  readonly special: Readonly<Record<string, Special>>;
}

const EXAMPLES: Readonly<Record<`${Crossing['from']} to ${Crossing['to']}`, Examples | undefined>> = {
  'openai to openai': undefined,
  'openai to anthropic': { base: OPENAI_BASE, usual: OPENAI_EXAMPLES, special: OPENAI_SPECIAL },
  'anthropic to openai': { base: ANTHROPIC_BASE, usual: ANTHROPIC_EXAMPLES, special: ANTHROPIC_SPECIAL },
  'anthropic to anthropic': undefined,
  'gemini to openai': { base: GEMINI_BASE, usual: GEMINI_EXAMPLES, special: GEMINI_TO_OPENAI },
  'gemini to anthropic': { base: GEMINI_BASE, usual: GEMINI_EXAMPLES, special: GEMINI_TO_ANTHROPIC },
};

interface Kept {
  readonly noted: readonly TranslationNote[];
  readonly fields: InferenceRequest['fields'];
}
type Seen = Kept | { readonly refused: GatewayError };

/** What becomes of a body: why it is refused, or what of it is lost and where its features stand. */
function see(crossing: Crossing, row: FieldRow, body: JsonObject, capabilities?: Capabilities): Seen {
  try {
    const request = crossing.decode(body);
    // What decoding does is the same for all targets, whatever else they make of the request.
    const { notes } = 'treatment' in row ? request : crossing.build(request, capabilities);
    return { noted: notes, fields: request.fields };
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'capability_unsupported') return { refused: error };
    throw error;
  }
}

/** The treatment of a row that a reader of the documentation is told: the worst of its features'. */
function treatmentOf(row: FieldRow, { table }: Crossing): Treatment {
  if ('treatment' in row) return row.treatment;
  const all = new Set(row.features.map((feature) => table[feature].treatment));
  return (['refused', 'approximated', 'mapped'] as const).find((one) => all.has(one)) ?? 'carried';
}

function assertRefused(seen: Seen, row: FieldRow, { table }: Crossing): void {
  assert.ok('refused' in seen, 'it was not refused');
  const { message, param } = seen.refused;
  assert.ok(param !== undefined && message.startsWith(`\`${param}\` `), message);
  const says = 'says' in row ? [row.says] : row.features.map((feature) => table[feature].says);
  assert.ok(
    says.some((words) => message.includes(words)),
    message,
  );
}

/** Notes that speak of the row. */
function losses({ noted, fields }: Kept, row: FieldRow): readonly TranslationNote[] {
  if ('treatment' in row) return noted.filter(({ says }) => says.endsWith(row.says));
  const places = new Set(row.features.map((feature) => fields[feature]));
  return noted.filter(({ field }) => places.has(field));
}

/** Whatever the target loses is a feature that its table approximates. */
function assertByTheTable({ noted, fields }: Kept, { table }: Crossing): void {
  const places = new Set<string>();
  for (const [feature, place] of Object.entries(fields) as [Feature, string][]) {
    if (table[feature].treatment === 'approximated') places.add(place);
  }
  for (const { field, says } of noted) assert.ok(places.has(field), `${field} ${says}`);
}

for (const crossing of CROSSINGS) {
  const examples = EXAMPLES[`${crossing.from} to ${crossing.to}`];
  assert.ok(examples);
  const { base, usual, special } = examples;
  describe(`promise 2: the table of ${crossing.from} clients with targets of ${crossing.to}`, () => {
    for (const row of crossing.fields) {
      const treatment = treatmentOf(row, crossing);
      it(`${row.field} is ${treatment}`, () => {
        const { body = usual[row.field], capabilities } = special[row.field] ?? {};
        assert.ok(body, 'there is no example');
        const seen = see(crossing, row, { ...base, ...body }, capabilities);
        if (treatment === 'refused') {
          assertRefused(seen, row, crossing);
          return;
        }
        assert.ok('noted' in seen, 'refused' in seen ? seen.refused.message : '');
        if ('features' in row) assertByTheTable(seen, crossing);
        const lost = losses(seen, row);
        assert.equal(lost.length > 0, treatment === 'approximated', JSON.stringify(seen.noted));
      });
    }

    it('has no example of a field that is not there', () => {
      const names = new Set(crossing.fields.map(({ field }) => field));
      assert.deepEqual(
        [...Object.keys(usual), ...Object.keys(special)].filter((name) => !names.has(name)),
        [],
      );
    });
  });
}

it('every feature is a field of a dialect', () => {
  const used = new Set(
    CROSSINGS.flatMap(({ fields }) => fields).flatMap((row) => ('features' in row ? row.features : [])),
  );
  assert.deepEqual(
    FEATURES.filter((feature) => !used.has(feature)),
    [],
  );
});

it('docs/translation.md shows the tables as they are', () => {
  const page = readFileSync(new URL('../../docs/translation.md', import.meta.url), 'utf8');
  assert.ok(withTranslationTables(page) === page, 'it has drifted from the code: npm run generate');
});
