import assert from 'node:assert/strict';
import { test } from 'node:test';

import { anyAnswer } from '../../../../test/support/answer-events.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { documentMissing, schemaErrors } from '../../../../test/support/openapi-validator.ts';
import { asText, responseContext, responseFrames, responseStream } from '../../../../test/support/response-frames.ts';
import { GatewayError } from '../../../core/errors.ts';
import { encodeAnswer } from './encode-answer.ts';
import { ResponsesStreamEncoder } from './stream-encoder.ts';

const missing = documentMissing('openai');

test("every event and every whole answer is one of OpenAI's OpenAPI document", { skip: missing }, () => {
  const body = { tools: [{ type: 'function', name: 'f' }], reasoning: { effort: 'low' } };
  fc.assert(
    fc.property(anyAnswer, (events) => {
      const context = responseContext(body);
      assert.deepEqual(schemaErrors('openai', 'Response', encodeAnswer(events, context)), []);
      const encoder = new ResponsesStreamEncoder(context);
      const failed = encoder.push(events.slice(0, 3)) + encoder.fail(new GatewayError('provider_timeout'));
      for (const frame of [...responseFrames(responseStream(events, context)), ...responseFrames(failed)]) {
        const schema = SCHEMAS[asText(frame['type'])];
        assert.ok(schema, asText(frame['type']));
        assert.deepEqual(schemaErrors('openai', schema, frame), [], JSON.stringify(frame));
      }
    }),
    { numRuns: 60 },
  );
});

/** Each by its own name: the schema of all events tries every one of them in turn. */
const SCHEMAS: Readonly<Record<string, string>> = {
  'response.created': 'ResponseCreatedEvent',
  'response.in_progress': 'ResponseInProgressEvent',
  'response.completed': 'ResponseCompletedEvent',
  'response.incomplete': 'ResponseIncompleteEvent',
  'response.failed': 'ResponseFailedEvent',
  'response.output_item.added': 'ResponseOutputItemAddedEvent',
  'response.output_item.done': 'ResponseOutputItemDoneEvent',
  'response.content_part.added': 'ResponseContentPartAddedEvent',
  'response.content_part.done': 'ResponseContentPartDoneEvent',
  'response.output_text.delta': 'ResponseTextDeltaEvent',
  'response.output_text.done': 'ResponseTextDoneEvent',
  'response.refusal.delta': 'ResponseRefusalDeltaEvent',
  'response.refusal.done': 'ResponseRefusalDoneEvent',
  'response.function_call_arguments.delta': 'ResponseFunctionCallArgumentsDeltaEvent',
  'response.function_call_arguments.done': 'ResponseFunctionCallArgumentsDoneEvent',
  'response.reasoning_summary_part.added': 'ResponseReasoningSummaryPartAddedEvent',
  'response.reasoning_summary_part.done': 'ResponseReasoningSummaryPartDoneEvent',
  'response.reasoning_summary_text.delta': 'ResponseReasoningSummaryTextDeltaEvent',
  'response.reasoning_summary_text.done': 'ResponseReasoningSummaryTextDoneEvent',
  error: 'ResponseErrorEvent',
};
