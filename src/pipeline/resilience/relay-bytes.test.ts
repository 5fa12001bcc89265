import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type Bench, type BenchOptions, startAttempt } from '../../../test/support/attempt-bench.ts';
import { openaiWire } from '../../models/providers/openai/wire.ts';

function speech(options: BenchOptions = {}): Bench {
  return startAttempt({ operation: 'speech', provider: { own: { wire: () => openaiWire } }, ...options });
}

const AUDIO = { 'content-type': 'audio/mpeg', 'content-length': '6', 'set-cookie': 'a=b' };

describe('an answer that is a file', () => {
  it('passes as it comes, with what describes it', async () => {
    const bench = speech();
    bench.upstream.head(200, AUDIO);
    const reader = (await bench.reader()).read();
    bench.upstream.data('abc');
    bench.upstream.data('def');
    assert.equal(reader.text, 'abcdef', 'before its end');
    bench.upstream.end();
    const reply = await bench.reply;
    assert.equal(reply.kind === 'stream' && reply.framing, 'bytes');
    assert.equal(reply.headers['content-type'], 'audio/mpeg');
    assert.equal(reply.headers['content-length'], '6');
    assert.equal(reply.headers['set-cookie'], undefined);
    assert.deepEqual(
      reader.terminals.map(({ kind }) => kind),
      ['completed'],
    );
    assert.equal(bench.attempt.closing?.outcome, 'completed');
    assert.equal(bench.attempt.closing.costNanoUsd, undefined, 'an unknown cost is not 0');
  });

  it('promise 1: is failed, and never complete, where it was cut', async () => {
    const bench = speech();
    bench.upstream.head(200, AUDIO);
    const reader = (await bench.reader()).read();
    bench.upstream.data('abc');
    bench.upstream.fail('broken');
    const [terminal] = reader.terminals;
    assert.equal(terminal?.kind === 'failed' && terminal.error.code, 'stream_interrupted');
    assert.equal(reader.terminals.length, 1);
    assert.equal(bench.attempt.closing?.outcome, 'failed');
  });

  it('promise 11: is held back by a slow reader, and given up with a gone one', async () => {
    const bench = speech();
    bench.upstream.head(200, AUDIO);
    const reader = (await bench.reader()).read();
    reader.hasRoom = false;
    bench.upstream.data('abc');
    assert.ok(bench.upstream.paused);
    reader.stream.resume();
    assert.ok(!bench.upstream.paused);
    reader.stream.abort('client');
    assert.ok(bench.upstream.aborts > 0);
    assert.equal(bench.attempt.closing?.outcome, 'aborted');
  });

  it('is read as the refusal that it is', async () => {
    const bench = speech();
    bench.upstream.answer(400, { error: { message: 'no voice', type: 'invalid_request_error', code: null } });
    assert.equal((await bench.error()).code, 'request_invalid');
  });

  it('costs nothing where it is a kept thing of the client', async () => {
    const bench = speech({ operation: 'resource' });
    bench.upstream.head(200, { 'content-type': 'application/octet-stream' });
    (await bench.reader()).read();
    bench.upstream.end();
    assert.equal(bench.attempt.closing?.costNanoUsd, 0);
  });
});
