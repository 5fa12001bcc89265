import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../../core/events.ts';
import type { Json } from '../../../core/json.ts';
import { OpenAiStreamReader } from './stream.ts';

interface Reading {
  readonly events: StreamEvent[];
  readonly hidden: boolean[];
  readonly complete: boolean;
}

function read(chunks: readonly Json[], options: { hide?: boolean; doneRequired?: boolean } = {}): Reading {
  const reader = new OpenAiStreamReader({
    hideUsageFrame: options.hide ?? false,
    doneRequired: options.doneRequired ?? true,
  });
  const readings = chunks.map((said) =>
    reader.step({ event: undefined, data: said === '[DONE]' ? said : JSON.stringify(said) }),
  );
  return {
    events: readings.flatMap(({ events }) => events),
    hidden: readings.map(({ hidden }) => hidden),
    complete: reader.complete,
  };
}

function chunk(delta: Json, finish: string | null = null, index = 0): Json {
  return { id: 'c1', model: 'm1', choices: [{ index, delta, finish_reason: finish }], usage: null };
}

const USAGE = { id: 'c1', model: 'm1', choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } };
const START: StreamEvent = { type: 'message-start', id: 'c1', model: 'm1' };

function toolDelta(index: number | undefined, id: string | undefined, name: string | undefined, args: string): Json {
  return {
    tool_calls: [
      {
        ...(index === undefined ? {} : { index }),
        ...(id === undefined ? {} : { id }),
        function: { ...(name === undefined ? {} : { name }), arguments: args },
      },
    ],
  };
}

describe('OpenAiStreamReader', () => {
  it('reads text from its start to its end', () => {
    const { events, complete } = read([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'stop'),
      USAGE,
      '[DONE]',
    ]);
    assert.deepEqual(events, [
      START,
      { type: 'text-delta', choice: 0, index: 0, text: 'Hel' },
      { type: 'text-delta', choice: 0, index: 0, text: 'lo' },
      { type: 'finish', choice: 0, reason: 'stop', raw: 'stop' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
      { type: 'end' },
    ]);
    assert.equal(complete, true);
  });

  it('reads reasoning under both names, and a refusal', () => {
    const { events } = read([
      chunk({ reasoning_content: 'a' }),
      chunk({ reasoning: 'b' }),
      chunk({ content: 'c' }),
      chunk({ refusal: 'd' }),
    ]);
    assert.deepEqual(events.slice(1), [
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'a' },
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'b' },
      { type: 'text-delta', choice: 0, index: 1, text: 'c' },
      { type: 'refusal-delta', choice: 0, text: 'd' },
    ]);
  });

  it('promise 2: keeps parallel tool calls apart, with ids, names and partial arguments', () => {
    const { events } = read([
      chunk(toolDelta(0, 'call_a', 'f', '')),
      chunk(toolDelta(0, undefined, undefined, '{"x"')),
      chunk(toolDelta(1, 'call_b', 'g', '')),
      chunk(toolDelta(0, undefined, undefined, ':1}')),
      chunk(toolDelta(1, undefined, undefined, '{}')),
      chunk({}, 'tool_calls'),
    ]);
    assert.deepEqual(events.slice(1), [
      { type: 'tool-call-start', choice: 0, index: 0, id: 'call_a', name: 'f' },
      { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: '{"x"' },
      { type: 'tool-call-start', choice: 0, index: 1, id: 'call_b', name: 'g' },
      { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: ':1}' },
      { type: 'tool-call-delta', choice: 0, index: 1, argumentsText: '{}' },
      { type: 'tool-call-end', choice: 0, index: 0 },
      { type: 'tool-call-end', choice: 0, index: 1 },
      { type: 'finish', choice: 0, reason: 'tool-calls', raw: 'tool_calls' },
    ]);
  });

  it('takes whole tool calls without an index for one each', () => {
    const { events } = read([chunk(toolDelta(undefined, 'a', 'f', '{}')), chunk(toolDelta(undefined, 'b', 'g', '{}'))]);
    const starts = events.filter(({ type }) => type === 'tool-call-start');
    assert.deepEqual(
      starts.map((event) => event.type === 'tool-call-start' && [event.index, event.id]),
      [
        [0, 'a'],
        [1, 'b'],
      ],
    );
  });

  it('promise 2: tells calls apart by whatever their server numbers them with', () => {
    const none = undefined;
    const cases: [what: string, deltas: Json[], calls: [id: string, name: string, args: string][]][] = [
      [
        'one number for all calls',
        [toolDelta(0, 'a', 'f', '{}'), toolDelta(0, 'b', 'f', '{"x":'), toolDelta(0, none, none, '1}')],
        [
          ['a', 'f', '{}'],
          ['b', 'f', '{"x":1}'],
        ],
      ],
      [
        'neither number nor id',
        [toolDelta(none, none, 'f', '{"x":'), toolDelta(none, none, none, '1}'), toolDelta(none, none, 'g', '{}')],
        [
          ['', 'f', '{"x":1}'],
          ['', 'g', '{}'],
        ],
      ],
      [
        'ids alone, said again with each piece',
        [
          toolDelta(none, 'a', 'f', '{'),
          toolDelta(none, 'b', 'g', '{'),
          toolDelta(none, 'a', '', '}'),
          toolDelta(none, 'b', '', '}'),
        ],
        [
          ['a', 'f', '{}'],
          ['b', 'g', '{}'],
        ],
      ],
      [
        'a new id and an empty name with each piece',
        [toolDelta(0, 'a', 'f', '{'), toolDelta(0, 'b', '', '}')],
        [['a', 'f', '{}']],
      ],
      [
        'the same id and name with each piece',
        [toolDelta(0, 'a', 'f', '{'), toolDelta(0, 'a', 'f', '}')],
        [['a', 'f', '{}']],
      ],
    ];
    for (const [what, deltas, calls] of cases) {
      const { events } = read([...deltas.map((delta) => chunk(delta)), chunk({}, 'tool_calls')]);
      const seen = new Map<number, [string, string, string]>();
      for (const event of events) {
        if (event.type === 'tool-call-start') seen.set(event.index, [event.id, event.name, '']);
        const call = event.type === 'tool-call-delta' ? seen.get(event.index) : undefined;
        if (call && event.type === 'tool-call-delta') call[2] += event.argumentsText;
      }
      assert.deepEqual([...seen.values()], calls, what);
      assert.equal(events.filter(({ type }) => type === 'tool-call-end').length, calls.length, what);
    }
  });

  it('reads the call of older servers, and content in parts', () => {
    const older = read([
      chunk({ function_call: { name: 'f', arguments: '{' } }),
      chunk({ function_call: { arguments: '}' } }),
    ]);
    assert.deepEqual(older.events.slice(1), [
      { type: 'tool-call-start', choice: 0, index: 0, id: '', name: 'f' },
      { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: '{' },
      { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: '}' },
    ]);
    const inParts = read([
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] }),
      chunk({
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'reference', reference_ids: [1] },
        ],
      }),
    ]);
    assert.deepEqual(inParts.events.slice(1), [
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
      { type: 'text-delta', choice: 0, index: 1, text: 'Hi' },
      { type: 'other-content', choice: 0 },
    ]);
  });

  it('promise 1: fails where its server says that it broke off', () => {
    for (const [reason, code] of [
      ['insufficient_system_resource', 'provider_overloaded'],
      ['network_error', 'provider_error'],
      ['error', 'provider_error'],
      ['abort', 'provider_error'],
    ] as const) {
      const { events, complete } = read([chunk({ content: 'a' }), chunk({}, reason)], { doneRequired: false });
      const last = events.at(-1);
      assert.ok(last?.type === 'error' && last.error.code === code, reason);
      assert.equal(complete, false);
    }
  });

  it('ends once, however often its server says so, and not with an empty reason', () => {
    const { events } = read([chunk({ content: 'a' }, ''), chunk({}, 'null'), chunk({}, 'stop'), chunk({}, 'stop')]);
    assert.equal(events.filter(({ type }) => type === 'finish').length, 1);
  });

  it('keeps several answers apart', () => {
    const { events } = read([chunk({ content: 'a' }), chunk({ content: 'b' }, null, 1), chunk({}, 'length', 1)]);
    assert.deepEqual(events.slice(1), [
      { type: 'text-delta', choice: 0, index: 0, text: 'a' },
      { type: 'text-delta', choice: 1, index: 0, text: 'b' },
      { type: 'finish', choice: 1, reason: 'length', raw: 'length' },
    ]);
  });

  it('says that there is content which it does not interpret', () => {
    for (const delta of [{ audio: { data: 'x' } }, { content: [{ type: 'x' }] }]) {
      assert.deepEqual(read([chunk(delta)]).events.slice(1), [{ type: 'other-content', choice: 0 }]);
    }
  });

  it('hides the usage frame that was asked for by us, and only that', () => {
    const withContent = { ...(chunk({ content: 'a' }) as object), usage: { prompt_tokens: 1 } };
    const filter = { id: '', model: '', choices: [], prompt_filter_results: [] };
    const chunks = [filter, chunk({ content: 'a' }), withContent, USAGE, '[DONE]'] as const;
    assert.deepEqual(read(chunks, { hide: true }).hidden, [false, false, false, true, false]);
    assert.deepEqual(read(chunks).hidden, [false, false, false, false, false]);
  });

  it('does not take a chunk that names nobody for the start of the answer', () => {
    const { events } = read([{ id: '', model: '', choices: [], prompt_filter_results: [] }, chunk({ content: 'a' })]);
    assert.deepEqual(events[0], START);
    assert.equal(events.filter(({ type }) => type === 'message-start').length, 1);
  });

  it('promise 1: is complete only with [DONE] where the provider always sends it', () => {
    assert.equal(read([chunk({ content: 'a' }), chunk({}, 'stop'), USAGE]).complete, false);
    assert.equal(read([chunk({ content: 'a' }), '[DONE]']).complete, true);
  });

  it('promise 1: is complete where every answer is finished, for servers that may leave [DONE] out', () => {
    const lenient = { doneRequired: false };
    assert.equal(read([], lenient).complete, false);
    assert.equal(read([chunk({ content: 'a' })], lenient).complete, false);
    assert.equal(read([chunk({}, 'stop'), chunk({ content: 'b' }, null, 1)], lenient).complete, false);
    assert.equal(read([chunk({}, 'stop'), chunk({}, 'stop', 1)], lenient).complete, true);
    assert.equal(read(['[DONE]'], lenient).complete, true);
  });

  it('promise 1: says error for an error object, in each of its forms, and for what is not JSON', () => {
    const forms: Json[] = [
      { error: { message: 'm', code: 'rate_limit_exceeded' } },
      { error: 'm' },
      { object: 'error', message: 'm', code: 400 },
    ];
    for (const form of forms) assert.equal(read([form]).events[0]?.type, 'error', JSON.stringify(form));
    const reader = new OpenAiStreamReader({ hideUsageFrame: false, doneRequired: true });
    const named = reader.step({ event: 'error', data: '{"message":"m"}' }).events[0];
    assert.ok(named?.type === 'error' && named.error.message === 'm');
    for (const data of ['{"choices":[{"del', 'oops', '"text"', '[]']) {
      const [event] = reader.step({ event: undefined, data }).events;
      assert.ok(event?.type === 'error' && event.error.code === 'provider_bad_response', data);
    }
  });

  it('survives shapes that it has never seen', () => {
    const odd: Json[] = [
      { choices: null },
      { choices: [null, 3, {}] },
      { choices: [{ delta: 'x', index: 'y', finish_reason: 7 }] },
      chunk({ tool_calls: [null, { function: 3 }] }),
      chunk({ content: 5, refusal: {}, reasoning: [] }),
    ];
    assert.equal(read(odd).events.filter(({ type }) => type === 'error').length, 0);
  });
});
