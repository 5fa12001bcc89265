import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { chineseNumbers } from './chinese-numbers.ts';
import { traitsOf } from './traits.ts';
import { type Veto, vetoBetween, vetoOf } from './vetoes.ts';

const DIFFERENT: readonly (readonly [Veto, string, string])[] = [
  ['number', 'Convert 5 miles to kilometers', 'Convert 50 miles to kilometers'],
  ['number', 'Give me two examples of recursion', 'Give me three examples of recursion'],
  ['number', 'Top 10 films of the decade', 'Top films of the decade'],
  ['number', 'What changed in version 2.1?', 'What changed in version 2.10.0?'],
  ['number', '给我两个例子', '给我三个例子'],
  ['number', '三百元以内的耳机', '五百元以内的耳机'],
  ['number', '推荐5部电影', '推荐10部电影'],
  ['date', 'What is the weather on Monday?', 'What is the weather on Tuesday?'],
  ['date', 'What happened yesterday?', 'What happened today?'],
  ['date', 'Opening hours in December', 'Opening hours in January'],
  ['date', '今天天气怎么样', '明天天气怎么样'],
  ['date', '周一开会吗', '周三开会吗'],
  ['unit', 'How much is 100 USD in yuan?', 'How much is 100 EUR in yuan?'],
  ['unit', 'Is 30 celsius hot?', 'Is 30 fahrenheit hot?'],
  ['unit', 'I weigh 70kg', 'I weigh 70 lb'],
  ['unit', '100美元能换多少', '100欧元能换多少'],
  ['name', 'Who is the president of France?', 'Who is the president of Germany?'],
  ['name', 'What does `map` return?', 'What does `filter` return?'],
  ['name', 'How do I call load_from_disk()?', 'How do I call save_to_disk()?'],
  ['name', 'Translate "good morning" please', 'Translate "good night" please'],
  ['name', '翻译“早上好”', '翻译“晚上好”'],
  ['name', 'What is in /etc/passwd of a.txt', 'What is in /etc/passwd of b.txt'],
  ['negation', 'Is it safe to take this', 'Is it not safe to take this'],
  ['negation', 'Which foods contain sugar?', "Which foods don't contain sugar?"],
  ['negation', 'Coffee with milk', 'Coffee without milk'],
  ['negation', 'How do I enable dark mode?', 'How do I disable dark mode?'],
  ['negation', 'Turn the light on', 'Turn the light off'],
  ['negation', 'What to do before surgery', 'What to do after surgery'],
  ['negation', '这个可以吃', '这个不可以吃'],
  ['negation', '他去过北京', '他没去过北京'],
  ['negation', '怎么打开通知', '怎么关闭通知'],
  ['language', 'How do I get a refund?', '怎么退款？'],
  ['language', 'Where is my order and when does it come?', '¿Dónde está mi pedido y cuándo llega?'],
  [
    'language',
    'Wo ist mein Paket und wann kommt es?',
    'Où est mon colis et quand est-ce qu’il arrive dans le magasin?',
  ],
  ['language', 'これはいくらですか', '这个多少钱'],
];

const SAME: readonly (readonly [string, string])[] = [
  ['How do I reset my password?', 'What is the way to reset a password?'],
  ['I still wait for my card', 'I have not received my card'],
  ['My transfer failed', "My transfer didn't go through"],
  ['Give me two examples', 'Please give me 2 examples'],
  ['It costs 1,000 dollars', 'It costs $1000'],
  ['Who wrote Hamlet?', 'Hamlet was written by whom?'],
  ['Withdraw cash at an ATM', 'Withdraw cash'],
  ['能不能退款', '可以退款吗'],
  ['有没有优惠', '请问是否有优惠'],
  ['这个特别好用', '这个非常好用'],
  ['两个苹果', '2个苹果'],
  ['介绍一下你自己', '请介绍你自己'],
  ['What are some tips for a Monday morning?', 'Tips for Monday mornings'],
];

describe('a veto', () => {
  for (const [veto, one, other] of DIFFERENT) {
    it(`${veto}: ${one} | ${other}`, () => {
      assert.equal(vetoOf(one, other), veto);
      assert.equal(vetoOf(other, one), veto);
    });
  }

  for (const [one, other] of SAME) {
    it(`none: ${one} | ${other}`, () => {
      assert.equal(vetoOf(one, other), undefined);
    });
  }

  it('never stands between a text and itself, and is the same from both sides', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'not',
        '5',
        'two',
        'Paris',
        'on',
        'off',
        '不',
        '没',
        '三个',
        'kg',
        '$',
        'Monday',
        '`a`',
        'über',
        'か',
      ),
    );
    const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, (one, other) => {
        assert.equal(vetoOf(one, one), undefined);
        assert.equal(vetoOf(one, other), vetoOf(other, one));
        assert.equal(vetoBetween(traitsOf(one), traitsOf(other)), vetoOf(one, other));
      }),
    );
  });

  it('takes no longer than a text is long', () => {
    const hostile = [
      'a'.repeat(100_000),
      '`'.repeat(100_000),
      '1,'.repeat(50_000),
      'Aa_'.repeat(30_000),
      '不'.repeat(50_000),
    ];
    const began = process.cpuUsage();
    for (const text of hostile) traitsOf(text);
    assert.ok(process.cpuUsage(began).user < 500_000);
  });
});

describe('a number in Chinese', () => {
  it('is read where something is counted', () => {
    assert.deepEqual(chineseNumbers('三百二十五元'), [325]);
    assert.deepEqual(chineseNumbers('两万三千块'), [23_000]);
    assert.deepEqual(chineseNumbers('十二天和二十个'), [12, 20]);
    assert.deepEqual(chineseNumbers('一亿元'), [100_000_000]);
  });

  it('is no part of a common word', () => {
    assert.deepEqual(chineseNumbers('万一我忘了，等一下，十分感谢，一个人'), []);
  });
});
