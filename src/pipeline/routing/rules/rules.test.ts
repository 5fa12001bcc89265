import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import { candidate, planOf, routedCall, ruleOf } from '../../../../test/support/routing-world.ts';
import { NO_NEEDS } from '../../../core/inference/needs.ts';
import type { RouteConditions } from '../../../core/routing.ts';
import { DAY_MS } from '../../../core/units.ts';
import { firstFailing, ruleFor, whyNot } from './conditions.ts';
import { scriptOf } from '../../../core/texts/script.ts';
import { Sight } from './sight.ts';
import { ruleStage } from './stage.ts';
import { isWithinHours } from './within-hours.ts';

const PRINCIPAL = { keyId: 'k', project: 'support', user: undefined, models: undefined };

function says(content: unknown, more: object = {}): CallParts {
  return { json: { model: 'chat', messages: [{ role: 'user', content }], ...more } };
}

const textPart = (text: string) => ({ type: 'text', text });
const words = (chars: number) => 'word 12 '.repeat(chars / 8);
const sightOf = (parts: CallParts) => new Sight(makeCall(parts));

function holds(when: RouteConditions, parts: CallParts): boolean {
  return firstFailing(when, new Sight(makeCall(parts))) === undefined;
}

/** A condition, requests for which it holds, and requests for which it does not. */
const TRUTHS: readonly (readonly [when: RouteConditions, yes: readonly CallParts[], no: readonly CallParts[]])[] = [
  [{ endpoints: ['/v1/messages'] }, [{ endpoint: '/v1/messages' }], [{}]],
  [{ projects: ['support', 'x'] }, [{ principal: PRINCIPAL }], [{}, { principal: { ...PRINCIPAL, project: 'y' } }]],
  [
    { users: ['ann'] },
    [{ facts: { user: 'ann' } }, { facts: { user: 'bob' }, principal: { ...PRINCIPAL, user: 'ann' } }],
    [{}, { facts: { user: 'bob' } }, { facts: { user: 'ann' }, principal: { ...PRINCIPAL, user: 'bob' } }],
  ],
  [
    {
      metadata: new Map([
        ['team', ['a', 'b']],
        ['level', ['3']],
      ]),
    },
    [{ facts: { metadata: { team: 'b', level: 3, more: 1 } } }],
    [{}, { facts: { metadata: { team: 'b' } } }, { facts: { metadata: { team: ['b'], level: 3 } } }],
  ],
  [
    { languages: ['zh', 'ja'] },
    [says('退款需要多久?'), says('用 FastAPI 写一个 hello world 接口'), says('返金はいつですか')],
    [says('How long does a refund take?'), says('42'), { json: { model: 'chat', messages: [] } }],
  ],
  [{ length: { atLeast: 5, atMost: 10 } }, [says('12345'), says('1234567890')], [says('1234'), says('12345678901')]],
  [
    { messages: { atLeast: 2 } },
    [
      {
        json: {
          model: 'm',
          messages: [
            { role: 'user', content: 'a' },
            { role: 'assistant', content: 'b' },
          ],
        },
      },
    ],
    [says('a')],
  ],
  [{ tools: true }, [{ needs: { ...NO_NEEDS, tools: true } }], [{}]],
  [{ tools: false }, [{}], [{ needs: { ...NO_NEEDS, tools: true } }]],
  [
    { images: true },
    [
      { needs: { ...NO_NEEDS, vision: true } },
      { operation: 'image-edit' },
      { operation: 'token-count', ...says([{ type: 'image', source: { type: 'url', url: 'https://x' } }]) },
    ],
    [{}, { operation: 'token-count', ...says([{ type: 'text', text: 'image' }]) }],
  ],
  [
    { sensitive: true },
    [
      says('Write to ann@example.com, please.'),
      says('My card is 4111 1111 1111 1111.'),
      says([{ type: 'text', text: 'call +49 30 901820' }]),
      says('hi', { user: 'ann@example.com' }),
      { operation: 'embeddings', json: { model: 'e', input: ['nothing', 'sk-ant-REDACTED-abcdefghijkl'] } },
      { json: { model: 'm', messages: [{ role: 'tool', content: '{"password":"hunter2"}' }] } },
    ],
    [says('How long does a refund take? It is order 12345.'), says('')],
  ],
  [{ sensitive: false }, [says('How long does it take?')], [says('Write to ann@example.com')]],
  [{ budgetUsed: { atLeast: 0.8 } }, [{ budgetUsed: 0.8 }, { budgetUsed: 1.2 }], [{}, { budgetUsed: 0.79 }]],
  [{ budgetUsed: { atMost: 0.5 } }, [{}, { budgetUsed: 0.5 }], [{ budgetUsed: 0.6 }]],
  // Tuesday, 2023-11-14T22:13:20Z
  [
    { hours: { from: 1320, until: 1380, days: [2], timeZone: 'UTC' } },
    [{}],
    [{ receivedAt: 1_700_000_000_000 - 14 * 60_000 }],
  ],
];

describe('a condition', () => {
  for (const [when, yes, no] of TRUTHS) {
    const [name] = Object.keys(when);
    it(`${name}: ${JSON.stringify(Object.values(when)[0])} holds for what it says, and for nothing else`, () => {
      for (const parts of yes) assert.ok(holds(when, parts), `should hold: ${JSON.stringify(parts.json ?? parts)}`);
      for (const parts of no) assert.ok(!holds(when, parts), `should not hold: ${JSON.stringify(parts.json ?? parts)}`);
    });
  }

  it('beside others: all of them have to hold, and the first that fails is named', () => {
    const [{ length: found }] = [TRUTHS];
    fc.assert(
      fc.property(fc.subarray([...TRUTHS.keys()], { minLength: 1 }), (chosen) => {
        assert.ok(chosen.length <= found);
        const when = Object.assign({}, ...chosen.map((at) => TRUTHS[at]?.[0])) as RouteConditions;
        const sight = new Sight(makeCall(says('hello there')));
        const failing = firstFailing(when, sight);
        const alone = Object.entries(when).filter(
          ([key, value]) => firstFailing({ [key]: value }, sight) !== undefined,
        );
        assert.equal(failing === undefined, alone.length === 0);
        if (failing !== undefined) assert.ok(alone.some(([key]) => key === failing));
      }),
    );
  });
});

const wide = (text: string) =>
  text.replaceAll(/[\w@.]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0));
const escaped = (text: string) =>
  text.replaceAll(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('what is sensitive', () => {
  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'iVBORw0K'.repeat(60_000)}` } };

  it('is looked for behind pictures of any size', () => {
    assert.ok(!holds({ sensitive: true }, says([image, textPart('what is this?')])));
    assert.ok(holds({ sensitive: true }, says([image, textPart('is this ann@example.com?')])));
  });

  it('is found in the beginning of a long text, in its middle and at its end', () => {
    for (const before of [0, 10_000, 100_000, 200_000]) {
      assert.ok(holds({ sensitive: true }, says(`${words(before)} ann@example.com ${words(200_000 - before)}`)));
    }
    assert.ok(!holds({ sensitive: true }, says('4111 1111 1111 1112 '.repeat(10_000))));
  });

  const card = '4111 1111 1111 1111';

  for (const [what, text] of [
    ['wide signs', `卡号是${wide(card)}，谢谢`],
    ['a wide @', 'write to ann＠example.com'],
    ['an address in wide signs', `write to ${wide('ann@example.com')}, please`],
    ['wide quotes around it', '＂ann＠example.com＂ ＼ ok'],
    ['signs of no width', 'my card is 4111\u200B1111\u200D1111\u20601111'],
    ['soft hyphens and marks of direction', 'my card is 41\u00AD11 1111\u202A 1111 \u200F1111'],
    [
      'bold digits of mathematics',
      `my card is ${card.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit)))}`,
    ],
  ] as const) {
    it(`is found in ${what}, however the client writes its JSON`, () => {
      const { json } = says(text);
      const inTool = { json: { model: 'm', messages: [{ role: 'tool', content: escaped(JSON.stringify({ text })) }] } };
      assert.ok(holds({ sensitive: true }, says(text)));
      assert.ok(holds({ sensitive: true }, { raw: Buffer.from(escaped(JSON.stringify(json))) }), 'escaped');
      assert.ok(holds({ sensitive: true }, says([image, textPart(text)])), 'beside a picture');
      assert.ok(holds({ sensitive: true }, inTool), 'in the result of a tool');
    });
  }

  it('is found where the parts of one message make it, in every dialect, and not where two messages would', () => {
    for (const parts of [
      says([textPart('my card is 4111 1111'), image, textPart(' 1111 1111')]),
      says([textPart('my card is 4111 １１１１'), textPart(' 1111 1111')]),
      says('my card: 4111111111111111'.split('').map(textPart)),
      { dialect: 'gemini', json: { contents: [{ parts: [{ text: 'ann@exam' }, { text: 'ple.com' }] }] } },
    ] satisfies CallParts[]) {
      assert.ok(holds({ sensitive: true }, parts), JSON.stringify(parts.json).slice(0, 200));
    }
    const apart = ['my number is 4111 1111', ' 1111 1111'].map((content) => ({
      role: 'user',
      content: [textPart(content)],
    }));
    assert.ok(!holds({ sensitive: true }, { json: { model: 'm', messages: apart } }));
  });

  it('is not what is harmless in other signs, and is what would be too long in plain ones', () => {
    assert.ok(!holds({ sensitive: true }, says('退款需要多久？订单１２３４５，价格１２９９。①②③ ½ 👩‍💻')));
    assert.ok(!holds({ sensitive: true }, says('退款需要多久？'.repeat(5000))));
    assert.ok(holds({ sensitive: true }, says('\uFDFA'.repeat(80_000))));
  });

  it('is everything that is too long, or nested too deep, to be looked into', () => {
    assert.ok(holds({ sensitive: true }, says('word '.repeat(60_000))));
    assert.ok(!holds({ sensitive: true }, says('word '.repeat(40_000))));
    let deep: unknown = 'x';
    for (let depth = 0; depth < 80; depth += 1) deep = [deep];
    assert.ok(holds({ sensitive: true }, says([image, { type: 'text', text: 'x', deep }])));
  });
});

describe('the script of a text', () => {
  for (const [text, script] of [
    ['退款', 'zh'],
    ['の退款需要多久请告诉我谢谢你们的帮助', 'zh'],
    ['カードが届きません', 'ja'],
    ['카드가 오지 않았어요', 'ko'],
    ['Где моя карта?', 'ru'],
    ['أين بطاقتي؟', 'ar'],
    ['איפה הכרטיס שלי', 'he'],
    ['บัตรของฉันอยู่ที่ไหน', 'th'],
    ['मेरा कार्ड कहाँ है', 'hi'],
    ['Πού είναι η κάρτα μου;', 'el'],
    ['Où est ma carte ?', 'latin'],
    ['123 €', undefined],
    ['', undefined],
  ] as const) {
    it(`of "${text}" is ${script}`, () => assert.equal(scriptOf(text), script));
  }
});

describe('hours', () => {
  const OFFICE = { from: 9 * 60, until: 18 * 60, days: [1, 2, 3, 4, 5], timeZone: 'Europe/Berlin' };
  const NIGHT = { from: 22 * 60, until: 6 * 60, days: [5], timeZone: 'Asia/Shanghai' };

  for (const [hours, time, is] of [
    // Wednesday in winter, Thursday in summer
    [OFFICE, '2026-01-14T08:00:00Z', true],
    [OFFICE, '2026-01-14T07:59:59Z', false],
    [OFFICE, '2026-07-16T07:00:00Z', true],
    [OFFICE, '2026-07-16T16:00:00Z', false],
    [OFFICE, '2026-01-17T12:00:00Z', false],
    // The night from Friday to Saturday
    [NIGHT, '2026-01-16T14:00:00Z', true],
    [NIGHT, '2026-01-16T21:59:00Z', true],
    [NIGHT, '2026-01-16T22:00:00Z', false],
    [NIGHT, '2026-01-15T14:00:00Z', false],
    [NIGHT, '2026-01-16T13:00:00Z', false],
  ] as const) {
    it(`of ${hours.timeZone} ${is ? 'include' : 'do not include'} ${time}`, () => {
      assert.equal(isWithinHours(hours, Date.parse(time)), is);
    });
  }

  it('that end when they begin are whole days, and every minute is in one of two halves', () => {
    const whole = { from: 600, until: 600, days: [], timeZone: 'UTC' };
    fc.assert(
      fc.property(fc.integer({ min: -DAY_MS, max: 40_000 * DAY_MS }), fc.nat(1439), fc.nat(1439), (ms, from, until) => {
        assert.ok(isWithinHours(whole, ms));
        fc.pre(from !== until);
        const half = { from, until, days: [], timeZone: 'UTC' };
        assert.notEqual(isWithinHours(half, ms), isWithinHours({ ...half, from: until, until: from }, ms));
      }),
    );
  });
});

describe('the stage of rules', () => {
  const rule = ruleOf({ name: 'private', when: { users: ['ann'] }, unless: { tools: true } });
  const other = ruleOf({
    name: 'all',
    when: { endpoints: ['/v1/chat/completions'] },
    targets: [{ provider: 'b', model: 'm' }],
  });
  const plan = planOf('cost', [candidate('a')], { rules: [rule, other] });

  it('takes the first that holds, and says why one does not', () => {
    const ann = { facts: { user: 'ann' } };
    assert.equal(ruleFor([rule, other], sightOf(ann))?.name, 'private');
    const tools = { ...ann, needs: { ...NO_NEEDS, tools: true } };
    assert.equal(ruleFor([rule, other], sightOf(tools))?.name, 'all');
    assert.deepEqual(
      [whyNot(rule, sightOf(tools)), whyNot(rule, sightOf({})), whyNot(other, sightOf({}))],
      ['unless', 'users', undefined],
    );
  });

  it('leaves those alone that no rule holds for, and things that providers keep', async () => {
    for (const parts of [{ endpoint: '/v1/messages' }, { operation: 'resource' as const }]) {
      const call = routedCall(plan, parts);
      const { assignment } = call;
      await ruleStage.run(call, () => Promise.resolve({} as never));
      assert.equal(call.assignment, assignment);
      assert.deepEqual([call.confinedTo, call.routing], [undefined, undefined]);
    }
  });

  it('refuses a body that cannot be read where it would have to know it', () => {
    const call = routedCall(planOf('order', [candidate('a')], { rules: [ruleOf({ when: { sensitive: true } })] }), {
      raw: Buffer.from('{'),
    });
    assert.throws(() => ruleStage.run(call, () => assert.fail('it goes on')), { code: 'request_invalid' });
  });
});
