import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { documentMissing, schemaErrors } from '../../../../test/support/openapi-validator.ts';
import type { JsonObject } from '../../../core/json.ts';
import { CAPABILITY_ROWS, capabilitiesOf } from '../../../models/capabilities/table.ts';
import type { ModelEntry } from '../dialect-adapter.ts';
import { renderModel, renderModels } from './render-models.ts';

function entry(family: string, model: string): ModelEntry {
  const capabilities = capabilitiesOf(family, model);
  return { id: `${family}/${model}`, ownedBy: family, createdAt: undefined, capabilities };
}

/** Every key that the API's own schema requires, at each level. */
const CAPABILITIES = [
  'batch',
  'citations',
  'code_execution',
  'context_management',
  'effort',
  'image_input',
  'pdf_input',
  'structured_outputs',
  'thinking',
];

describe("models in Anthropic's shape", () => {
  it('shows limits, flags, efforts and kinds of thinking', () => {
    const shown = renderModel(entry('anthropic', 'claude-opus-4-6'));
    assert.equal(shown['max_input_tokens'], 1_000_000);
    assert.equal(shown['max_tokens'], 128_000);
    const capabilities = shown['capabilities'] as Record<string, JsonObject>;
    assert.deepEqual(Object.keys(capabilities).toSorted(), CAPABILITIES);
    assert.deepEqual(capabilities['image_input'], { supported: true });
    assert.deepEqual(capabilities['batch'], { supported: false });
    assert.deepEqual(capabilities['effort'], {
      supported: true,
      low: { supported: true },
      medium: { supported: true },
      high: { supported: true },
      xhigh: { supported: false },
      max: { supported: true },
    });
    assert.deepEqual(capabilities['thinking'], {
      supported: true,
      types: { enabled: { supported: true }, adaptive: { supported: true } },
    });
  });

  it('says null where nothing is known', () => {
    assert.deepEqual(renderModel({ id: 'local/x', ownedBy: 'local', createdAt: 0 }), {
      type: 'model',
      id: 'local/x',
      display_name: 'local/x',
      created_at: '1970-01-01T00:00:00.000Z',
      max_input_tokens: null,
      max_tokens: null,
      capabilities: null,
    });
  });

  it('has every key for every model of the table', () => {
    for (const [family, rows] of Object.entries(CAPABILITY_ROWS)) {
      for (const model of rows.flatMap(({ models }) => models)) {
        const capabilities = renderModel(entry(family, model))['capabilities'] as JsonObject;
        assert.deepEqual(Object.keys(capabilities).toSorted(), CAPABILITIES, model);
      }
    }
  });

  it("is what the provider's own document says", { skip: documentMissing('anthropic') }, () => {
    const known = Object.entries(CAPABILITY_ROWS).flatMap(([family, rows]) =>
      rows.flatMap(({ models }) => models.map((model) => entry(family, model))),
    );
    const all = [...known, { id: 'local/x', ownedBy: 'local', createdAt: 0 }];
    assert.deepEqual(schemaErrors('anthropic', 'ListResponse_ModelInfo_', renderModels(all)), []);
  });

  it('lists all on one page', () => {
    const list = renderModels([entry('anthropic', 'claude-opus-4-6'), entry('openai', 'gpt-4o')]);
    assert.deepEqual(
      [list['first_id'], list['last_id'], list['has_more']],
      ['anthropic/claude-opus-4-6', 'openai/gpt-4o', false],
    );
    assert.deepEqual(renderModels([])['first_id'], null);
  });
});
