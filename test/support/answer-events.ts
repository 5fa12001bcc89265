import * as fc from './fast-check.ts';

import type { FinishReason, StreamEvent } from '../../src/core/events.ts';
import { hasPlainKeys } from './plain-keys.ts';

const END: StreamEvent = { type: 'end' };
const FINISH_REASONS = [
  'stop',
  'length',
  'tool-calls',
  'content-filter',
  'refusal',
  'pause',
  'other',
] as const satisfies readonly FinishReason[];

export function text(index: number, said: string): StreamEvent {
  return { type: 'text-delta', choice: 0, index, text: said };
}

export function thought(index: number, said: string): StreamEvent {
  return { type: 'reasoning-delta', choice: 0, index, text: said };
}

export function signed(index: number, signature: string, redacted = false): StreamEvent {
  return { type: 'reasoning-signature', choice: 0, index, signature, redacted };
}

export function call(index: number, id: string, name = 'f'): StreamEvent {
  return { type: 'tool-call-start', choice: 0, index, id, name };
}

export function args(index: number, argumentsText: string): StreamEvent {
  return { type: 'tool-call-delta', choice: 0, index, argumentsText };
}

export function called(index: number): StreamEvent {
  return { type: 'tool-call-end', choice: 0, index };
}

export function finish(reason: FinishReason): StreamEvent {
  return { type: 'finish', choice: 0, reason };
}

/** One part of an answer as the pieces in which it comes. */
type Part = readonly ((index: number) => StreamEvent)[];

const pieces = fc.array(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 1, maxLength: 4 });
const textPart: fc.Arbitrary<Part> = pieces.map((said) => said.map((piece) => (index) => text(index, piece)));
const reasoningPart: fc.Arbitrary<Part> = fc
  .tuple(pieces, fc.option(fc.string(), { nil: undefined }))
  .map(([said, signature]) => [
    ...said.map((piece) => (index: number) => thought(index, piece)),
    ...(signature === undefined ? [] : [(index: number) => signed(index, signature)]),
  ]);
const sealedPart: fc.Arbitrary<Part> = fc.string().map((data) => [(index) => signed(index, data, true)]);
const refusalPart: fc.Arbitrary<Part> = pieces.map((said) =>
  said.map((piece) => () => ({ type: 'refusal-delta', choice: 0, text: piece })),
);
const argumentsText = fc.oneof(
  fc.constant(''),
  fc
    .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
    .filter(hasPlainKeys)
    .map((input) => JSON.stringify(input)),
);
const toolPart: fc.Arbitrary<Part> = fc
  .tuple(fc.uuid(), fc.string({ minLength: 1 }), argumentsText, fc.array(fc.nat(40), { maxLength: 4 }), fc.boolean())
  .map(([id, name, whole, cuts, ends]) => [
    (index) => call(index, id, name),
    ...split(whole, cuts).map((piece) => (index: number) => args(index, piece)),
    ...(ends ? [called] : []),
  ]);

function split(whole: string, cuts: readonly number[]): string[] {
  const at = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
  return at.slice(1).map((end, i) => whole.slice(at[i], end));
}

/** What a model may say: parts in their order, but calls of one turn grow at the same time, in any order. */
export const anyAnswer = fc
  .tuple(
    fc.array(
      fc.oneof(
        textPart.map((part) => [part]),
        reasoningPart.map((part) => [part]),
        sealedPart.map((part) => [part]),
        refusalPart.map((part) => [part]),
        fc.array(toolPart, { minLength: 1, maxLength: 3 }),
      ),
      { maxLength: 5 },
    ),
    fc.infiniteStream(fc.nat(2)),
    fc.constantFrom(...FINISH_REASONS),
    fc.option(
      fc.record(
        {
          inputTokens: fc.nat(1000),
          outputTokens: fc.nat(),
          cacheReadInputTokens: fc.nat(1000),
          cacheCreationInputTokens: fc.nat(1000),
          reasoningOutputTokens: fc.nat(),
        },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    ),
  )
  .map(([groups, order, reason, usage]): StreamEvent[] => {
    let index = 0;
    const events = groups.flatMap((group) => {
      const queues = group.map((part) => {
        const at = index;
        index += 1;
        return part.map((piece) => piece(at));
      });
      return mix(queues, order);
    });
    const end: StreamEvent[] = usage ? [finish(reason), { type: 'usage', usage }, END] : [finish(reason), END];
    return [{ type: 'message-start', id: 'id', model: 'm' }, ...events, ...end];
  });

/** Calls begin in their order, and go on in any. */
function mix(queues: StreamEvent[][], order: Iterator<number>): StreamEvent[] {
  const mixed: StreamEvent[] = [];
  let begun = 0;
  while (queues.some((queue) => queue.length > 0)) {
    const at = Math.min(Number(order.next().value), begun);
    const queue = queues[at]?.length ? queues[at] : queues.find((each) => each.length > 0);
    const event = queue?.shift();
    if (queue && queues.indexOf(queue) === begun) begun += 1;
    if (event) mixed.push(event);
  }
  return mixed;
}
