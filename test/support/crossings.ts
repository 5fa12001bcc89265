import type { InferenceRequest, TranslationNote } from '../../src/core/inference/request.ts';
import type { TranslationTable } from '../../src/core/inference/translation.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { decode as decodeAnthropic } from '../../src/edge/dialects/anthropic/decode.ts';
import { ANTHROPIC_FIELDS } from '../../src/edge/dialects/anthropic/field-table.ts';
import type { FieldRow } from '../../src/edge/dialects/field-table.ts';
import { decode as decodeGemini } from '../../src/edge/dialects/gemini/decode.ts';
import { GEMINI_FIELDS } from '../../src/edge/dialects/gemini/field-table.ts';
import { decode as decodeOpenAi } from '../../src/edge/dialects/openai/decode.ts';
import { OPENAI_FIELDS } from '../../src/edge/dialects/openai/field-table.ts';
import { decode as decodeResponses } from '../../src/edge/dialects/responses/decode.ts';
import { RESPONSES_FIELDS } from '../../src/edge/dialects/responses/field-table.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { buildBody as buildAnthropic } from '../../src/models/providers/anthropic/build-body.ts';
import { ANTHROPIC_TRANSLATION } from '../../src/models/providers/anthropic/translation-table.ts';
import { buildBody as buildConverse } from '../../src/models/providers/bedrock/build-body.ts';
import { CONVERSE_TRANSLATION } from '../../src/models/providers/bedrock/translation-table.ts';
import { buildBody as buildCohere } from '../../src/models/providers/cohere/build-body.ts';
import { COHERE_TRANSLATION } from '../../src/models/providers/cohere/translation-table.ts';
import { buildBody as buildGemini } from '../../src/models/providers/gemini/build-body.ts';
import { GEMINI_TRANSLATION } from '../../src/models/providers/gemini/translation-table.ts';
import { buildBody as buildOpenAi } from '../../src/models/providers/openai/build-body.ts';
import { OPENAI_QUIRKS } from '../../src/models/providers/openai/quirks.ts';
import { OPENAI_TRANSLATION } from '../../src/models/providers/openai/translation-table.ts';

export interface Built {
  readonly body: JsonObject;
  readonly notes: readonly TranslationNote[];
}

interface Client {
  readonly from: 'openai' | 'responses' | 'anthropic' | 'gemini';
  /** Of the client's dialect. */
  readonly fields: readonly FieldRow[];
  decode(body: JsonObject): InferenceRequest;
}

interface Target {
  readonly to: 'openai' | 'anthropic' | 'gemini' | 'converse' | 'cohere';
  /** Of the provider's protocol. */
  readonly table: TranslationTable;
  build(request: InferenceRequest, capabilities?: Capabilities): Built;
}

/** Everything on the way from a client of one dialect to a provider of another protocol. */
export interface Crossing extends Client, Target {}

const CLIENTS: readonly Client[] = [
  { from: 'openai', fields: OPENAI_FIELDS, decode: decodeOpenAi },
  { from: 'anthropic', fields: ANTHROPIC_FIELDS, decode: decodeAnthropic },
  { from: 'responses', fields: RESPONSES_FIELDS, decode: decodeResponses },
  { from: 'gemini', fields: GEMINI_FIELDS, decode: (body) => decodeGemini(body, {}) },
];

const GOOGLE = { callIds: true, serviceTier: true, penaltiesBefore3: false };

const TARGETS: readonly Target[] = [
  {
    to: 'openai',
    table: OPENAI_TRANSLATION,
    build: (request, capabilities) => buildOpenAi(request, 'm', capabilities, OPENAI_QUIRKS),
  },
  {
    to: 'anthropic',
    table: ANTHROPIC_TRANSLATION,
    build: (request, capabilities) => buildAnthropic(request, 'm', capabilities),
  },
  {
    to: 'gemini',
    table: GEMINI_TRANSLATION,
    build: (request, capabilities) => buildGemini(request, 'gemini-3-pro', capabilities, GOOGLE),
  },
  {
    to: 'converse',
    table: CONVERSE_TRANSLATION,
    build: (request, capabilities) => buildConverse(request, 'anthropic.claude-sonnet-4-5', capabilities),
  },
  {
    to: 'cohere',
    table: COHERE_TRANSLATION,
    build: (request, capabilities) => buildCohere(request, 'command-a-03-2025', capabilities),
  },
];

export const CROSSINGS: readonly Crossing[] = CLIENTS.flatMap((client) =>
  TARGETS.filter(({ to }) => to !== client.from).map((target) => ({ ...client, ...target })),
);

/** @throws RangeError where requests are relayed */
export function crossing(from: Client['from'], to: Target['to']): Crossing {
  const found = CROSSINGS.find((each) => each.from === from && each.to === to);
  if (!found) throw new RangeError(`nothing is translated from ${from} to ${to}`);
  return found;
}
