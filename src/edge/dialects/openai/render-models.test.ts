import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { documentMissing, schemaErrors } from '../../../../test/support/openapi-validator.ts';
import { capabilitiesOf } from '../../../models/capabilities/table.ts';
import { renderModel, renderModels } from './render-models.ts';

describe("models in OpenAI's shape", () => {
  it('are plain where nothing is known', () => {
    assert.deepEqual(renderModel({ id: 'local/x', ownedBy: 'local', createdAt: 1500 }), {
      id: 'local/x',
      object: 'model',
      created: 1,
      owned_by: 'local',
    });
  });

  it('show limits, modalities, flags and prices', () => {
    const capabilities = capabilitiesOf('openai', 'gpt-5-mini');
    const price = { input: 0.25, cacheRead: 0.025, output: 2 };
    const shown = renderModel({ id: 'm', ownedBy: 'openai', createdAt: undefined, capabilities, price });
    assert.deepEqual(shown, {
      id: 'm',
      object: 'model',
      created: 0,
      owned_by: 'openai',
      context_length: 400_000,
      context_window: 400_000,
      max_input_tokens: 272_000,
      max_completion_tokens: 128_000,
      architecture: { input_modalities: ['text', 'image', 'file'], output_modalities: ['text'] },
      capabilities: {
        streaming: true,
        function_calling: true,
        parallel_function_calling: true,
        vision: true,
        pdf_input: true,
        audio_input: false,
        audio_output: false,
        structured_outputs: true,
        reasoning: true,
        reasoning_efforts: ['minimal', 'low', 'medium', 'high'],
      },
      pricing: { prompt: '0.00000025', completion: '0.000002', input_cache_read: '0.000000025' },
    });
  });

  it('say audio where there is some', () => {
    const capabilities = capabilitiesOf('openai', 'gpt-audio');
    const { architecture } = renderModel({ id: 'm', ownedBy: 'o', createdAt: 0, capabilities });
    assert.deepEqual(architecture, { input_modalities: ['text', 'audio'], output_modalities: ['text', 'audio'] });
  });

  it('write prices as plain decimals', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [0.02, '0.00000002'],
      [1_000_000, '1'],
      [10, '0.00001'],
      [0.0003, '0.0000000003'],
    ];
    for (const [input, text] of cases) {
      const { pricing } = renderModel({ id: 'm', ownedBy: 'o', createdAt: 0, price: { input, output: 0 } });
      assert.deepEqual(pricing, { prompt: text, completion: '0' });
    }
  });

  it("are what the provider's own document says, and more", { skip: documentMissing('openai') }, () => {
    const capabilities = capabilitiesOf('openai', 'gpt-4o');
    const shown = renderModels([{ id: 'm', ownedBy: 'o', createdAt: 0, capabilities }]);
    assert.deepEqual(schemaErrors('openai', 'ListModelsResponse', shown), []);
  });

  it('make a list', () => {
    assert.deepEqual(renderModels([]), { object: 'list', data: [] });
  });
});
