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
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { buildBody as buildAnthropic } from '../../src/models/providers/anthropic/build-body.ts';
import { ANTHROPIC_TRANSLATION } from '../../src/models/providers/anthropic/translation-table.ts';
import { buildBody as buildOpenAi } from '../../src/models/providers/openai/build-body.ts';
import { OPENAI_QUIRKS } from '../../src/models/providers/openai/quirks.ts';
import { OPENAI_TRANSLATION } from '../../src/models/providers/openai/translation-table.ts';

export interface Built {
  readonly body: JsonObject;
  readonly notes: readonly TranslationNote[];
}

/** Everything on the way from a client of one dialect to a provider of the other. */
export interface Crossing {
  readonly from: 'openai' | 'anthropic' | 'gemini';
  readonly to: 'openai' | 'anthropic';
  /** Of the client's dialect. */
  readonly fields: readonly FieldRow[];
  /** Of the provider's protocol. */
  readonly table: TranslationTable;
  decode(body: JsonObject): InferenceRequest;
  build(request: InferenceRequest, capabilities?: Capabilities): Built;
}

export const CROSSINGS: readonly Crossing[] = [
  {
    from: 'openai',
    to: 'anthropic',
    fields: OPENAI_FIELDS,
    table: ANTHROPIC_TRANSLATION,
    decode: decodeOpenAi,
    build: (request, capabilities) => buildAnthropic(request, 'm', capabilities),
  },
  {
    from: 'anthropic',
    to: 'openai',
    fields: ANTHROPIC_FIELDS,
    table: OPENAI_TRANSLATION,
    decode: decodeAnthropic,
    build: (request, capabilities) => buildOpenAi(request, 'm', capabilities, OPENAI_QUIRKS),
  },
  {
    from: 'gemini',
    to: 'anthropic',
    fields: GEMINI_FIELDS,
    table: ANTHROPIC_TRANSLATION,
    decode: (body) => decodeGemini(body, {}),
    build: (request, capabilities) => buildAnthropic(request, 'm', capabilities),
  },
  {
    from: 'gemini',
    to: 'openai',
    fields: GEMINI_FIELDS,
    table: OPENAI_TRANSLATION,
    decode: (body) => decodeGemini(body, {}),
    build: (request, capabilities) => buildOpenAi(request, 'm', capabilities, OPENAI_QUIRKS),
  },
];
