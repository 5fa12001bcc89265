import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { JudgeHouse, type Says } from '../../../../test/support/judge-house.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import type { Call } from '../../../core/call.ts';
import { JudgeFailed, JudgeNotAllowed } from '../engine/judge.ts';
import { unsupportedIn } from './ask-judge.ts';
import { type Grounded, groundAnswer } from './ground-answer.ts';
import { passagesFor } from './passages.ts';
import { claimsOf } from './words/claims.ts';
import { SourceIndex } from './words/source-index.ts';
import { termsOf } from './words/terms.ts';

const TOWER =
  'The Eiffel Tower was completed in March 1889 and is 330 metres tall. Gustave Eiffel employed 1,250 workers. The restaurant on the second floor opens at seven.';
const BRIDGE = '港珠澳大桥全长55公里，于2018年10月24日正式通车。大桥连接香港、珠海和澳门三地，设计使用寿命为120年。';

function ground(sources: readonly string[], answer: string, says?: Says, call: Call = makeCall()): Promise<Grounded> {
  const house = new JudgeHouse(() => says);
  const judge = says === undefined ? {} : { judge: { provider: 'lab', model: 'gpt' } };
  return groundAnswer(judge, sources, answer, { asking: house.deps.asking, clock: house.clock, call, allowedMs: 1000 });
}

describe('claims', () => {
  test('are what stands beside a word that the sources have nothing', () => {
    for (const [answer, claim] of [
      ['The context does not mention Rome, but it was founded in 753 BC.', 'but it was founded in 753 BC.'],
      ['Thanks to the treaty the war ended in 1648.', 'Thanks to the treaty the war ended in 1648.'],
      ['资料中没有提到造价，但大桥全长88公里。', '但大桥全长88公里。'],
    ] as const) {
      assert.deepEqual(
        claimsOf(answer).map(({ text }) => text),
        [claim],
      );
    }
    assert.deepEqual(claimsOf('Thank you for the question about the tower. Thanks for the good question!'), []);
  });

  test('are sentences that state something', () => {
    const answer = [
      '# The Eiffel Tower',
      'Sure! Here is what I found:',
      '- It was built by Dr. G. Eiffel in 1889 [1]. It is **330.5 metres** tall.',
      '2. Would you like to know more?',
      'The documents do not mention who painted it.',
      '```',
      'const height = 330;',
      '```',
      '港珠澳大桥全长55公里。它连接三地！资料中没有提到造价。还想了解什么？',
      'I hope this helps a lot!',
    ].join('\n');
    assert.deepEqual(
      claimsOf(answer).map(({ text }) => text),
      ['It was built by Dr. G. Eiffel in 1889 .', 'It is 330.5 metres tall.', '港珠澳大桥全长55公里。', '它连接三地！'],
    );
  });

  test('with a word of courtesy before them are claims', () => {
    assert.equal(claimsOf('Certainly, the tower is 500 metres tall.')[0]?.text, 'the tower is 500 metres tall.');
  });
});

describe('by words', () => {
  test('what the sources say is supported, in other words as well', async () => {
    for (const answer of [
      'The Eiffel Tower is 330 metres tall and was completed in 1889.',
      'Eiffel employed 1250 workers.',
      'The restaurant opens at 7.',
    ]) {
      assert.deepEqual(
        await ground([TOWER], answer),
        { score: 1, claims: 1, isPartial: false, unsupported: [], by: 'words' },
        answer,
      );
    }
    assert.equal((await ground([BRIDGE], '大桥全长55公里，2018年10月24日通车。它连接香港、珠海和澳门。')).score, 1);
  });

  test('a number, a name or a thing that is not theirs is not', async () => {
    const answer =
      'The Eiffel Tower is 330 metres tall. The Eiffel Tower was completed in 1925. It was painted by Pablo Picasso in Madrid.';
    const { score, claims, unsupported } = await ground([TOWER], answer);
    assert.deepEqual([Math.round(score * 3), claims, unsupported], [1, 3, [1, 2]]);
    assert.deepEqual((await ground([BRIDGE], '大桥全长88公里。大桥由日本三菱集团承建并运营。')).unsupported, [0, 1]);
  });

  test('an answer that claims nothing is as good as one that claims what is there', async () => {
    const nothing = await ground([TOWER], "I don't know. The sources do not say who painted it.");
    assert.deepEqual(nothing, { score: 1, claims: 0, isPartial: false, unsupported: [], by: 'words' });
  });

  test('a sentence of a source is supported by it, wherever it stands; nothing is without sources', async () => {
    const words = fc.array(fc.constantFrom('river', 'stone', 'Paris', '42', 'green', 'lantern', '港珠', '大桥'), {
      minLength: 4,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 8 }), async (lists) => {
        const sentences = lists.map((list) => `${list.join(' ')}.`);
        const { unsupported } = await ground([sentences.join(' ')], sentences.join('\n'));
        assert.deepEqual(unsupported, []);
        const none = await ground(['nothing of that kind'], sentences.join('\n'));
        assert.equal(none.unsupported.length, none.claims);
      }),
      { numRuns: 40 },
    );
  });

  test('long sources leave turns to others, and too long ones are not read', async () => {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const sources = Array.from({ length: 30 }, () => TOWER.repeat(40));
    assert.equal((await ground(sources, 'The Eiffel Tower is 330 metres tall.')).score, 1);
    isOver = true;
    assert.ok(turns >= 10, `${turns} turns`);
    await assert.rejects(ground(['x'.repeat(2_000_001)], 'The Eiffel Tower is 330 metres tall.'), JudgeFailed);
  });
});

test('only what claims ask for is kept of sources', () => {
  const index = new SourceIndex([{ terms: termsOf('rivers of stone') }]);
  index.add('The river is green and made of stone.');
  assert.equal(index.coverageOf(termsOf('river stone')).anywhere, 1);
  assert.equal(index.coverageOf(termsOf('green made')).anywhere, 0);
});

test('an answer that is longer than what is looked at says so', async () => {
  const { claims, isPartial } = await ground([TOWER], 'The Eiffel Tower is 330 metres tall. '.repeat(300));
  assert.deepEqual([claims, isPartial], [200, true]);
});

describe('by a judge', () => {
  const answer = 'The Eiffel Tower is 330 metres tall. It was painted by Pablo Picasso.';

  test('what it says of each claim counts', async () => {
    const says = '```json\n{"supported": [1], "unsupported": [2]}\n```';
    assert.deepEqual(await ground([TOWER], answer, says), {
      score: 0.5,
      claims: 2,
      isPartial: false,
      unsupported: [1],
      by: 'judge',
    });
  });

  test('it is shown sources and claims as data between marks', async () => {
    const house = new JudgeHouse(() => '{"supported": [1, 2], "unsupported": []}');
    const deps = { asking: house.deps.asking, clock: house.clock, call: makeCall(), allowedMs: 1000 };
    await groundAnswer({ judge: { provider: 'lab', model: 'gpt' } }, [TOWER], answer, deps);
    const [system = '', user = ''] = house.lastTurns;
    const mark = /<sources ([\w-]{12})>\n/.exec(user)?.[1] ?? 'none';
    assert.ok(
      user.endsWith(`</claims ${mark}>`) && user.includes(TOWER) && user.includes('\n1. The Eiffel Tower is 330'),
    );
    assert.ok(system.includes(mark) && system.includes('do not follow it'));
    assert.equal(house.own[0]?.endpoint, 'causeway/guard');
  });

  test('that does not say it of each claim has failed, and nothing is taken for supported', async () => {
    for (const says of ['All fine.', '{"supported": [1]}', '{"supported": [1], "unsupported": []}', '{}']) {
      await assert.rejects(ground([TOWER], answer, says), JudgeFailed, says);
    }
    const house = new JudgeHouse();
    const deps = { asking: house.deps.asking, clock: house.clock, call: makeCall(), allowedMs: 1000 };
    const asked = groundAnswer({ judge: { provider: 'lab', model: 'gpt' } }, [TOWER], answer, deps);
    await assert.rejects(asked, /gave no answer/);
  });

  test('may not see a call that is confined to others', async () => {
    const call = makeCall({ confinedTo: [{ provider: 'local', model: 'm' }] });
    await assert.rejects(ground([TOWER], answer, '{}', call), JudgeNotAllowed);
  });

  test('says of each claim once whether it is supported, or has not said it', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (flags) => {
        const places = (which: boolean) => flags.flatMap((flag, at) => (flag === which ? [at + 1] : []));
        const said = { supported: places(true), unsupported: places(false) };
        assert.deepEqual(
          unsupportedIn(JSON.stringify(said), flags.length),
          said.unsupported.map((at) => at - 1),
        );
        assert.equal(
          unsupportedIn(JSON.stringify({ ...said, supported: [...said.supported, 1] }), flags.length),
          undefined,
        );
        assert.equal(unsupportedIn(JSON.stringify(said), flags.length + 1), undefined);
      }),
    );
  });

  test('is shown of long sources what has most in common with the claims', async () => {
    const other = Array.from({ length: 100 }, (_, at) => `Rain number ${at} fell on the plain. `.repeat(30));
    const passages = await passagesFor(claimsOf('The Eiffel Tower is 330 metres tall.'), [...other, TOWER]);
    assert.ok(passages.includes(TOWER));
    assert.ok(passages.join('').length <= 48_000);
  });
});
