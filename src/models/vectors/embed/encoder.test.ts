import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { type Mock, after, before, describe, it, mock } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { isMostlyLatin } from './by-script.ts';
import { type Encoders, cutText, similarityOf, unitLength } from './encoder.ts';
import { openOnnxEncoder } from './onnx-encoder.ts';
import { openEncoders } from './open-encoders.ts';

describe('the shipped encoders', () => {
  // Watched from here on, and no longer: others share this process.
  let connect: Mock<Socket['connect']>;
  let handlersBefore: number;
  let encoders: Encoders;
  before(async () => {
    handlersBefore = process.listenerCount('unhandledRejection');
    connect = mock.method(Socket.prototype, 'connect');
    encoders = await openEncoders();
  });
  after(() => connect.mock.restore());

  async function similarity(one: string, other: string): Promise<number> {
    const encoder = encoders.of(one);
    assert.equal(encoders.of(other).space, encoder.space);
    const [first, second] = await encoder.encode([one, other]);
    assert.ok(first && second);
    return similarityOf(first, second);
  }

  it('know that two English sentences mean the same, and ask nobody on the network for it', async () => {
    const same = await similarity('How do I reset my password?', 'How can I change my password?');
    const other = await similarity('How do I reset my password?', 'What is the weather today?');
    assert.ok(same > 0.85 && other < 0.5, `${same} and ${other}`);
    assert.equal(connect.mock.callCount(), 0);
  });

  it('know of Chinese sentences how alike they are worded', async () => {
    const same = await similarity('如何重置我的密码？', '怎么重置我的密码?');
    const other = await similarity('如何重置我的密码？', '今天天气怎么样？');
    assert.ok(same > 0.5 && other < 0.3 && same > other, `${same} and ${other}`);
  });

  it('leave no handlers on the process', () => {
    assert.equal(process.listenerCount('unhandledRejection'), handlersBefore);
  });

  it('make the same vector of a text alone and among others, whatever its spaces', async () => {
    const encoder = encoders.of('reset');
    const [alone] = await encoder.encode(['Where is my card?']);
    const many = await encoder.encode(['Hello.', ' Where is  my\ncard? ', 'x'.repeat(300)]);
    assert.ok(alone && many[1]);
    assert.ok(similarityOf(alone, many[1]) > 0.9999);
  });

  it('make a vector of length 1 of any text', async () => {
    const odd = ['', ' ', '\ud800', '😀', '\u0000', '1234', 'a'.repeat(5000), '密'.repeat(9000)];
    const words = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), 10);
    for (const text of [...odd, ...words]) {
      for (const encoder of [encoders.of(text), encoders.of('密'), ...(text.length < 50 ? [encoders.of('a')] : [])]) {
        const [vector] = await encoder.encode([text]);
        assert.ok(vector);
        assert.equal(vector.length, encoder.dimensions);
        assert.ok(Math.abs(similarityOf(vector, vector) - 1) < 1e-5, JSON.stringify(text));
      }
    }
  });
});

describe('which encoder a text has', () => {
  it('is a question of its letters', () => {
    for (const text of ['How?', 'Où est la gare ?', 'What does 你好 mean in English?'])
      assert.ok(isMostlyLatin(text), text);
    for (const text of ['如何重置密码', 'Как дела', '1 + 1 =', '', '请问 iPhone 怎么重置'])
      assert.ok(!isMostlyLatin(text), text);
  });
});

describe('vectors and texts', () => {
  it('a vector without a direction gets one', () => {
    assert.deepEqual([...unitLength(new Float32Array([0, 0, 0]))], [1, 0, 0]);
    assert.deepEqual([...unitLength(new Float32Array([Number.NaN, 1]))], [1, 0]);
    assert.deepEqual([...unitLength(new Float32Array([3, 4]))], [Math.fround(0.6), Math.fround(0.8)]);
  });

  it('a text is cut between characters', () => {
    assert.equal(cutText('ab😀', 3), 'ab');
    assert.equal(cutText('ab😀', 4), 'ab😀');
  });
});

describe('the encoder of a mounted folder', () => {
  it('says which files are missing', async () => {
    await assert.rejects(openOnnxEncoder('/nowhere/model'), /\/nowhere\/model is no folder of an ONNX model/);
  });
});
