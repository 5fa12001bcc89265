import assert from 'node:assert/strict';
import { it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { buildOptions } from './build-options.ts';
import { digest } from './tool-names.ts';
import { ANTHROPIC_TRANSLATION } from './translation-table.ts';

interface Situation {
  readonly capabilities?: Capabilities;
  readonly thinks?: boolean;
}

/** What is sent, and how many losses are noted. */
function options(
  parts: Partial<InferenceRequest>,
  { capabilities, thinks = false }: Situation = {},
): [JsonObject, number] {
  const translation = new Translation(makeInference(parts), ANTHROPIC_TRANSLATION);
  return [buildOptions(translation, capabilities, thinks), translation.notes.length];
}

it('sampling options go where Anthropic takes them, one of temperature and top_p', () => {
  const fixed = { capabilities: { sampling: false } };
  const thinks = { thinks: true };
  const cases: [Partial<InferenceRequest>, Situation, JsonObject, number][] = [
    [{ temperature: 0, topK: 3 }, {}, { temperature: 0, top_k: 3 }, 0],
    [{ temperature: 1.2 }, {}, { temperature: 1 }, 1],
    [{ topP: 0.9 }, {}, { top_p: 0.9 }, 0],
    [{ temperature: 0.2, topP: 0.9 }, {}, { temperature: 0.2 }, 1],
    [{ temperature: 1, topP: 0.9 }, {}, { top_p: 0.9 }, 0],
    [{ temperature: 0.2, topP: 1 }, {}, { temperature: 0.2 }, 0],
    [{ temperature: 1, topP: 1 }, {}, { temperature: 1 }, 0],
    [{ temperature: 1.2, topP: 0.9 }, {}, { top_p: 0.9 }, 1],
    [{ temperature: 1, topP: 0.995 }, fixed, { top_p: 0.995 }, 0],
    [{ temperature: 0.5, topP: 0.9, topK: 3 }, fixed, {}, 3],
    [{ temperature: 1, topP: 0.95 }, thinks, { top_p: 0.95 }, 0],
    [{ temperature: 0.5, topP: 0.5, topK: 3 }, thinks, {}, 3],
  ];
  for (const [parts, situation, sent, losses] of cases) {
    assert.deepEqual(options(parts, situation), [sent, losses], JSON.stringify([parts, situation]));
  }
});

it('options that say what is meant anyway are no loss', () => {
  assert.deepEqual(options({ frequencyPenalty: 0, presencePenalty: 0, logitBias: {} }), [{}, 0]);
});

it('stop sequences of whitespace are left out', () => {
  assert.deepEqual(options({ stop: ['a', ' b'] }), [{ stop_sequences: ['a', ' b'] }, 0]);
  assert.deepEqual(options({ stop: ['a', '\n', ''] }), [{ stop_sequences: ['a'] }, 1]);
  assert.deepEqual(options({ stop: ['\n'] }), [{}, 1]);
});

it('users are named by an id that does not tell who they are', () => {
  const id = '0d1e2c44-9a53-4b0e-9d1a-12f3c4d5e6f7';
  for (const plain of ['u-1', id, '42', '@handle'])
    assert.deepEqual(options({ user: plain })[0], { metadata: { user_id: plain } });
  for (const telling of ['ann@example.com', '+49 170 1234567', 'u'.repeat(513)]) {
    assert.deepEqual(options({ user: telling }), [{ metadata: { user_id: digest(telling) } }, 0]);
  }
  assert.deepEqual(options({ user: '' }), [{}, 0]);
});

it('service tiers that have an equal are kept', () => {
  assert.deepEqual(options({ serviceTier: 'auto' }), [{ service_tier: 'auto' }, 0]);
  assert.deepEqual(options({ serviceTier: 'default' }), [{ service_tier: 'standard_only' }, 0]);
  for (const serviceTier of ['flex', 'priority', 'scale']) assert.deepEqual(options({ serviceTier }), [{}, 1]);
});
