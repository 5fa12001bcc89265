import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { type BedrockGateway, converseSays, startBedrockGateway } from '../support/bedrock-gateway.ts';

let aws: BedrockGateway;
before(async () => {
  aws = await startBedrockGateway();
});
after(() => aws.close());

describe('what Bedrock costs', () => {
  it('promise 6: a model costs what it costs in the region that was asked, which is on record', async () => {
    aws.upstream.answer(converseSays([{ text: 'Hi' }], 'end_turn'));
    const booked: unknown[] = [];
    for (const model of [
      'minimax.minimax-m2.5',
      'google.gemma-3-4b-it',
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ]) {
      const { response } = await aws.openai.chat.completions
        .create({ model: `aws/${model}`, messages: [{ role: 'user', content: 'Hello' }] })
        .withResponse();
      const trace = await aws.gateway.trace(response.headers.get('x-causeway-request-id'));
      booked.push([trace.cost_usd, trace.attempts[0]?.usage_details]);
    }
    // 9 and 3 tokens at $0.36 and $1.44 in Ireland, where the second has no known price; the third is a profile.
    assert.deepEqual(booked, [
      [0.00000756, { region: 'eu-west-1' }],
      [null, { region: 'eu-west-1' }],
      [0.0000792, {}],
    ]);
  });
});
