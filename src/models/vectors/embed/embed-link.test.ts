import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { systemScheduler } from '../../../core/scheduler.ts';
import { EmbedLink, MOST_WAITING } from './embed-link.ts';

interface Said {
  readonly texts: string[];
  lost: number;
}

function open(folder?: string, scheduler = systemScheduler): { link: EmbedLink; said: Said } {
  const said: Said = { texts: [], lost: 0 };
  const link = new EmbedLink({
    folder,
    scheduler,
    said: (_, text) => said.texts.push(text),
    lost: () => (said.lost += 1),
  });
  after(() => link.close());
  return { link, said };
}

describe('the thread of vectors', () => {
  it('makes vectors, and finds what is near in the same partition and the same space', async () => {
    const { link } = open();
    const one = await link.ask({ text: 'Where is my card?', partition: 'a', most: 5 }, true);
    assert.deepEqual(one?.near, []);
    link.add('a', '1', one);
    const chinese = await link.ask({ text: '我的卡在哪里？', partition: 'a', most: 5 }, false);
    assert.equal(chinese?.space, 'lexical');
    assert.deepEqual(chinese.near, []);
    link.add('a', '2', chinese);
    const [near, elsewhere, same] = await Promise.all([
      link.ask({ text: 'Where can I find my card?', partition: 'a', most: 5 }, true),
      link.ask({ text: 'Where is my card?', partition: 'b', most: 5 }, true),
      link.ask({ made: chinese, partition: 'a', most: 5 }, true),
    ]);
    assert.deepEqual(
      near?.near.map(({ id }) => id),
      ['1'],
    );
    assert.ok((near.near[0]?.similarity ?? 0) > 0.6);
    assert.deepEqual(elsewhere?.near, []);
    assert.deepEqual(
      same?.near.map(({ id }) => id),
      ['2'],
    );
    link.remove(['1']);
    assert.deepEqual((await link.ask({ text: 'Where is my card?', partition: 'a' }, true))?.near, []);
  });

  it('is replaced when it dies, which who waits for it is told at once', async () => {
    const clock = new FakeClock();
    const { link, said } = open(undefined, clock);
    const waiting = link.ask({ text: 'Hello.' }, true);
    await link.kill();
    assert.equal(await waiting, undefined);
    assert.equal(said.lost, 1);
    assert.match(said.texts.join('\n'), /is started again/);
    assert.equal(await link.ask({ text: 'Hello.' }, true), undefined);
    clock.advance(100);
    assert.equal((await link.ask({ text: '你好' }, true))?.space, 'lexical');
  });

  it('says once that a mounted model cannot be loaded, and makes no vectors', async () => {
    const { link, said } = open('/nowhere');
    assert.equal(await link.ask({ text: 'Hello.' }, true), undefined);
    assert.equal(await link.ask({ text: 'Hello.' }, true), undefined);
    assert.equal(said.texts.length, 1);
    assert.match(said.texts[0] ?? '', /\/nowhere is no folder of an ONNX model/);
    assert.equal(said.lost, 0);
  });

  it('promise 11: more questions than can wait are not taken', async () => {
    const { link } = open('/nowhere');
    const made = { space: 'test', vector: new Float32Array([1, 0]) };
    const asked = Array.from({ length: MOST_WAITING + 50 }, () => link.ask({ made, partition: 'a' }, true));
    const answered = (await Promise.all(asked)).filter((found) => found !== undefined);
    assert.ok(answered.length >= MOST_WAITING && answered.length < MOST_WAITING + 50, `${answered.length}`);
  });

  it('answers nothing more once it is closed', async () => {
    const { link } = open();
    const waiting = link.ask({ text: 'Hello.' }, false);
    await link.close();
    assert.equal(await waiting, undefined);
    assert.equal(await link.ask({ text: 'Hello.' }, true), undefined);
  });
});
