import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CAPABILITY_ROWS, capabilitiesOf } from './table.ts';

describe('the table of capabilities', () => {
  const rows = Object.entries(CAPABILITY_ROWS).flatMap(([family, list]) => list.map((row) => ({ family, ...row })));

  it('names a source and a day for every row', () => {
    for (const { family, models, sources } of rows) {
      assert.ok(sources.length > 0, `${family}/${models[0]}`);
      for (const { checked } of sources) assert.match(checked, /^2026-\d\d-\d\d$/);
    }
  });

  it('names no model twice in a family', () => {
    for (const [family, list] of Object.entries(CAPABILITY_ROWS)) {
      const names = list.flatMap(({ models }) => models);
      assert.equal(new Set(names).size, names.length, family);
    }
  });

  it('contradicts itself nowhere', () => {
    for (const row of rows) {
      const name = `${row.family}/${row.models[0]}`;
      assert.ok((row.outputTokens ?? 0) <= (row.contextTokens ?? Infinity), name);
      assert.ok((row.inputTokens ?? 0) <= (row.contextTokens ?? Infinity), name);
      assert.equal(row.efforts !== undefined, row.reasoningControls?.includes('effort') ?? false, name);
      if (row.reasoningControls) assert.notEqual(row.reasoning, false, name);
      if (row.reasoningAlways) assert.equal(row.reasoning, true, name);
      if (row.models.some((model) => model.slice(0, -1).includes('*'))) assert.fail(`a * inside a name of ${name}`);
    }
  });

  it('finds a model by its name, without the date of a snapshot, and by a pattern', () => {
    const cases: [family: string, model: string, outputTokens: number | undefined][] = [
      ['openai', 'gpt-4o', 16_384],
      ['openai', 'gpt-4o-2024-08-06', 16_384],
      ['openai', 'gpt-4o-2024-05-13', 4096],
      ['openai', 'gpt-audio-mini-2025-12-15', 16_384],
      ['anthropic', 'claude-haiku-4-5-20251001', 64_000],
      ['anthropic', 'claude-opus-4-20250514', 32_000],
      ['ark', 'doubao-seed-2-1-pro-260628', 256_000],
      ['openai', 'gpt-4o-mini-transcribe', undefined],
      ['openai', 'claude-haiku-4-5', undefined],
      ['nobody', 'gpt-4o', undefined],
      ['constructor', '__proto__', undefined],
    ];
    for (const [family, model, outputTokens] of cases) {
      assert.equal(capabilitiesOf(family, model)?.outputTokens, outputTokens, `${family}/${model}`);
    }
    assert.equal(capabilitiesOf('simulator', 'anything')?.vision, true);
  });

  it('knows what the newest Claude models no longer take', () => {
    const cases: [model: string, controls: string, prefill: boolean, sampling: boolean, always: boolean | undefined][] =
      [
        ['claude-opus-4-1', 'budget', true, true, undefined],
        ['claude-sonnet-4-5', 'budget', true, true, undefined],
        ['claude-opus-4-5', 'budget effort', true, true, undefined],
        ['claude-sonnet-4-6', 'budget adaptive effort', false, true, false],
        ['claude-opus-4-8', 'adaptive effort', false, false, false],
        ['claude-opus-5-5', 'adaptive effort', false, false, true],
        ['claude-sonnet-5-5', 'adaptive effort between-tools', false, false, true],
      ];
    for (const [model, controls, prefill, sampling, always] of cases) {
      const found = capabilitiesOf('anthropic', model);
      assert.equal(found?.reasoningControls?.join(' '), controls, model);
      assert.deepEqual([found?.prefill, found?.sampling, found?.reasoningAlways], [prefill, sampling, always], model);
    }
  });
});
