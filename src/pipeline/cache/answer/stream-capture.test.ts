import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { DONE, OPENAI_HELLO, OPENAI_ROLE, OPENAI_STOP, OPENAI_USAGE } from '../../../../test/support/wire-texts.ts';
import type { Call } from '../../../core/call.ts';
import type { StreamItem } from '../../../core/reply.ts';
import { openaiWire } from '../../../models/providers/openai/wire.ts';
import { SseSplitter } from '../../../models/transport/sse.ts';
import { framesOf } from './frames.ts';
import { StreamCapture } from './stream-capture.ts';

const RELAYED = { translated: false, rewritten: false, most: 1_000_000 };

function streamed(more: object = {}): Call {
  return makeCall({ json: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true, ...more } });
}

/** As the attempt stage gives them: the bytes of each read, and what they say. */
function itemsOf(frames: readonly string[]): StreamItem[] {
  const reader = openaiWire.streamReader({ hideUsageFrame: false });
  const splitter = new SseSplitter();
  return frames.map((text) => {
    const batch = splitter.push(Buffer.from(text));
    const events = batch.frames.flatMap(({ event, data }) =>
      data === undefined ? [] : reader.step({ event, data }).events,
    );
    return { bytes: batch.bytes, events };
  });
}

function contentOf(frames: readonly string[], call = streamed(), kind = RELAYED) {
  const capture = new StreamCapture(call, kind);
  for (const item of itemsOf(frames)) capture.add(item);
  return capture.content();
}

function frame(delta: object): string {
  return `data: ${JSON.stringify({ id: 'c1', choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
}

/** What is said in the second of two answers. */
function second(text: string): string {
  return text.replace('"index":0', '"index":1');
}

const PLAIN = [OPENAI_ROLE, OPENAI_HELLO, OPENAI_HELLO, OPENAI_STOP, OPENAI_USAGE, DONE];

describe('a stream that goes by', () => {
  it('is kept as what it says, in a few events', () => {
    const content = contentOf(PLAIN);
    assert.ok(content?.kind === 'events' && content.rewritten);
    assert.deepEqual(
      content.events.map(({ type }) => type),
      ['message-start', 'text-delta', 'finish', 'usage', 'end'],
    );
  });

  it('is kept as it came where events do not say it all', () => {
    const reasoning = [OPENAI_ROLE, frame({ reasoning: 'hm' }), ...PLAIN.slice(1)];
    for (const [frames, call] of [
      [PLAIN, streamed({ logprobs: true })],
      [PLAIN, Object.assign(streamed(), { keeps: true })],
      [reasoning, streamed()],
    ] as const) {
      const content = contentOf(frames, call);
      assert.ok(content?.kind === 'bytes');
      assert.equal(content.body.toString(), frames.join(''));
    }
    const usual = [OPENAI_ROLE, frame({ reasoning_content: 'hm' }), ...PLAIN.slice(1)];
    assert.equal(contentOf(usual)?.kind, 'events');
  });

  it('promise 2: is kept as it came where one frame has a member that is not known', () => {
    const call = { index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
    for (const delta of [
      { reasoning: 'hm' },
      { images: [{ type: 'image_url' }] },
      { content: [{ type: 'text', text: 'a' }] },
      { tool_calls: [{ ...call, extra_content: { google: { thought_signature: 'S' } } }] },
      { tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { name: 'f', input: 'a' } }] },
    ]) {
      const frames = [...PLAIN.slice(0, 2), frame(delta), ...PLAIN.slice(2)];
      const content = contentOf(frames);
      assert.ok(content?.kind === 'bytes', JSON.stringify(delta));
      assert.equal(content.body.toString(), frames.join(''));
    }
    const nothing = frame({ images: [], audio: null, tool_calls: [{ ...call, extra_content: {} }] });
    const tools = OPENAI_STOP.replace('"stop"', '"tool_calls"');
    assert.equal(contentOf([OPENAI_ROLE, nothing, tools, DONE])?.kind, 'events');
    assert.equal(contentOf([OPENAI_ROLE, nothing, OPENAI_STOP, DONE])?.kind, 'bytes', 'it says "stop" after a call');
  });

  it('promise 11: holds the frames of a long one only where it may end in what events do not say', () => {
    const long = Array.from({ length: 2000 }, () => OPENAI_HELLO);
    const met = OPENAI_STOP.replace('"finish_reason"', '"stop_reason":"END","finish_reason"');
    assert.equal(contentOf([...long, OPENAI_STOP, DONE])?.kind, 'events');
    assert.equal(contentOf([...long, met, DONE]), undefined);
    assert.equal(contentOf([...long, met, DONE], streamed({ stop: ['END'] }))?.kind, 'bytes');
    assert.equal(contentOf([...long, OPENAI_STOP, DONE], streamed({ stop: ['END'] }))?.kind, 'events');
  });

  it('is not kept where its provider looked something up, whatever form it would have', () => {
    const cited = frame({ annotations: [{ type: 'url_citation', url_citation: { url: 'https://a' } }] });
    const searched = OPENAI_STOP.replace('{', '{"search_results":[{"url":"https://a"}],');
    for (const call of [streamed(), streamed({ logprobs: true })]) {
      assert.equal(contentOf([...PLAIN.slice(0, 2), cited, ...PLAIN.slice(2)], call), undefined);
      assert.equal(contentOf([...PLAIN.slice(0, 3), searched, DONE], call), undefined);
    }
    const told = frame({ content: '"url_citation" and "search_results"', images: [1] });
    assert.equal(contentOf([...PLAIN.slice(0, 2), told, ...PLAIN.slice(2)])?.kind, 'bytes');
  });

  it('promise 11: is let go where it is larger than what is kept', () => {
    const long = [OPENAI_ROLE, ...Array.from({ length: 100 }, () => OPENAI_HELLO), OPENAI_STOP, DONE];
    assert.equal(contentOf(long, streamed(), { ...RELAYED, most: 400 }), undefined);
    assert.ok(contentOf(long, streamed(), { ...RELAYED, most: 600 }));
    assert.equal(contentOf(long, streamed({ logprobs: true }), { ...RELAYED, most: 600 }), undefined);
  });

  it('is none where it did not end well', () => {
    assert.equal(contentOf(PLAIN.slice(0, 2)), undefined);
    assert.equal(contentOf([OPENAI_HELLO, OPENAI_STOP.replace('"stop"', '"length"'), DONE]), undefined);
    const two = [OPENAI_HELLO, second(OPENAI_HELLO), OPENAI_STOP];
    assert.equal(contentOf([...two, DONE]), undefined, 'promise 1: one of two has no end');
    assert.ok(contentOf([...two, second(OPENAI_STOP), DONE]));
  });
});

describe('frames that were kept', () => {
  const body = Buffer.from(PLAIN.join(''));
  const shown = (call: Call, bytes = body) =>
    framesOf(call, openaiWire, bytes)
      ?.map((item) => Buffer.from(item.bytes ?? []).toString())
      .join('');

  it('are without the usage for who did not ask for it', () => {
    assert.equal(shown(streamed()), PLAIN.filter((one) => one !== OPENAI_USAGE).join(''));
    assert.equal(shown(streamed({ stream_options: { include_usage: true } })), body.toString());
  });

  it('are not there for who asks for a usage that they lack', () => {
    const without = Buffer.from(PLAIN.filter((one) => one !== OPENAI_USAGE).join(''));
    assert.equal(shown(streamed({ stream_options: { include_usage: true } }), without), undefined);
    assert.equal(shown(streamed(), without), without.toString());
  });
});
