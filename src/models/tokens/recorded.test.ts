import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readableAnswers } from '../../../test/support/recorded-answers.ts';
import { recordingsMissing } from '../../../test/support/recordings.ts';
import { encodingOf, loadEncoding } from './encoding.ts';
import { estimateOutputTokens } from './estimate.ts';
import { BoundSum } from './bound-sum.ts';

describe('recorded answers', { skip: recordingsMissing() }, () => {
  const answers = readableAnswers().filter(({ thought, usage }) => thought === '' && !usage.reasoningOutputTokens);

  it("are estimated within a tenth of the provider's bill, all texts of a provider together", () => {
    for (const maker of ['claude', 'gpt', 'deepseek', 'qwen', 'llama']) {
      const texts = answers.filter(({ model, toolCalls }) => model.includes(maker) && toolCalls === 0);
      const billed = texts.reduce((sum, { usage }) => sum + (usage.outputTokens ?? 0), 0);
      const estimated = texts.reduce((sum, { said, model }) => sum + estimateOutputTokens(said, model), 0);
      assert.ok(texts.length >= 2, maker);
      assert.ok(Math.abs(estimated / billed - 1) < 0.1, `${maker}: ${estimated} for ${billed}`);
    }
  });

  it("of OpenAI's models are counted to the token, but for what ends them", async () => {
    const texts = answers.filter(({ name, model }) => name.startsWith('openai/') && encodingOf('openai', model));
    assert.ok(texts.length >= 2);
    const o200k = await loadEncoding('o200k_base');
    for (const { name, said, usage } of texts) {
      assert.ok(Math.abs(o200k.count(said) - (usage.outputTokens ?? 0)) <= 1, name);
    }
  });

  it('had no more tokens than bytes, where the provider counts nothing beside the text', () => {
    for (const { name, said, toolCalls, usage } of answers.filter((answer) => answer.toolCalls === 0)) {
      // The end of an answer is a token too, which some bill.
      assert.ok((usage.outputTokens ?? 0) <= new BoundSum(false).text(said) + 1 + toolCalls, name);
    }
  });
});
