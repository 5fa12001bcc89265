import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseConfig } from './load.ts';
import { ConfigError } from './problems.ts';
import { readRollout } from './read-rollout.ts';

function problemsIn(text: string): readonly string[] {
  return problemsOf(() => parseConfig(text, { path: 'causeway.yaml', env: {} }));
}

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError);
    return thrown.problems.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  return [];
}

const listOf = (words: readonly string[]): string => JSON.stringify({ keywords: { lists: { w: { words } } } });

const MODELS = 'models: { chat: { target: sim/echo } }';

describe('policies of guards that cannot be', () => {
  test('mistakes are told with their place', () => {
    const text = `
${MODELS}
guards:
  default:
    validation:
      forbid:
        one: { pattern: '(?=a)b' }
        two: { pattern: '(a[ab]{0,300}){1,3}c' }
        three: { pattern: 'x*' }
        four: { pattern: '(?i)internal' }
    pii:
      own: { EMPLOYEE: { pattern: 'EMP-[' } }
      exempt: [sim/*, azure/*, local]
    keywords:
      lists:
        here: { words: [darn] }
        none: {}
        lost: { file: no/such/words.txt }
    judges:
      pii: { target: sim/echo }
      aliyun: { service: aliyum }
      both: { service: tencent, target: sim/echo }
      elsewhere: { target: nowhere/model }
      two: { target: sim/echo, cascade: { strong: { service: x }, pass: 0.9, block: 0.5 }, exempt: [nowhere/m] }
guardServices:
  aliyun: { type: aliyun, accessKeyId: a, accessKeySecret: b }
  tencent: { type: tencent, secretId: a, secretKey: b }
`;
    const told = problemsIn(text).map((problem) => problem.replace(/^(\d+ guards\.default\.keywords[^:]*:).*/, '$1'));
    assert.deepEqual(told, [
      '7 guards.default.validation.forbid.one.pattern: no pattern of RE2 (invalid or unsupported Perl syntax); look-arounds and \\1 are none, and brackets have to be closed',
      '8 guards.default.validation.forbid.two.pattern: too large, since it takes 1814 steps and 1000 are allowed; write smaller repetitions',
      '9 guards.default.validation.forbid.three.pattern: found in every text, also in an empty one; write what has to be there',
      '12 guards.default.pii.own.EMPLOYEE.pattern: no pattern of RE2 (missing closing ] from character 5 on); look-arounds and \\1 are none, and brackets have to be closed',
      '13 guards.default.pii.exempt[1]: there is no provider "azure"; the providers are: sim',
      '13 guards.default.pii.exempt[2]: no target; write provider/model, or provider/* for all of one',
      '17 guards.default.keywords.lists.none:',
      '18 guards.default.keywords.lists.lost.file:',
      '20 guards.default.judges.pii: the name of a guard of ours; choose another',
      '21 guards.default.judges.aliyun.service: there is no service "aliyum"; did you mean "aliyun"?',
      '22 guards.default.judges.both.service: stands beside target; remove one of the two',
      '23 guards.default.judges.elsewhere.target: there is no provider "nowhere"; the providers are: sim',
      '24 guards.default.judges.two.cascade.strong.service: there is no service "x"; the services are: aliyun, tencent',
      '24 guards.default.judges.two.cascade.pass: pass (0.9) is above block (0.5), so that one text would be both; write a smaller one',
      '24 guards.default.judges.two.exempt[0]: there is no provider "nowhere"; the providers are: sim',
    ]);
  });

  test('what would never do anything is refused', () => {
    const text = `
${MODELS}
guards:
  a:
    judges:
      all: { target: openai/omni-moderation-latest, question: Is this bad? }
      some: { target: sim/echo, secondOpinion: true }
      good: { target: sim/echo, question: Is this bad? }
      served: { service: aliyun, question: Is this bad? }
      c: { target: sim/echo, cascade: { strong: { target: local/llama-guard-3, question: Is this bad? } } }
  b: {}
  c: { pii: { own: { EMAIL: { pattern: 'x' } } } }
  d: { injection: {}, judges: { some: { target: sim/echo, secondOpinion: true } } }
  e: { unscreened: refuse }
providers:
  openai: { type: openai, apiKey: k }
  local: { type: openai-compatible, baseUrl: "http://127.0.0.1:1/v1" }
guardServices: { aliyun: { type: aliyun, accessKeyId: a, accessKeySecret: b } }
`;
    assert.deepEqual(problemsIn(text), [
      '6 guards.a.judges.all: the name of a guard of ours; choose another',
      '6 guards.a.judges.all.question: a judge that is asked as moderation is asked no question; remove it, or write as: chat',
      '7 guards.a.judges.some.secondOpinion: needs injection in this policy, whose doubts it is asked about; it would never be asked',
      '9 guards.a.judges.served.question: a service is asked no question; remove it',
      '10 guards.a.judges.c.cascade.strong.question: a judge that is asked as llama-guard is asked no question; remove it, or write as: chat',
      '11 guards.b: has no guard; write validation, pii, injection, keywords, judges or another under it',
      '12 guards.c.pii.own.EMAIL: a kind that is known without it; choose another name, and turn that one off with except if it is in the way',
    ]);
  });

  test('words that cannot be looked for are told', () => {
    const many = Array.from({ length: 3100 }, (_, at) => `${at}`.padEnd(100, 'x'));
    assert.deepEqual(problemsIn(`${MODELS}\nguards:\n  a: ${listOf(many)}\n  b: ${listOf(['\u200B'])}`), [
      '3 guards.a.keywords.lists.w: all words together have more than 300000 characters',
      '4 guards.b.keywords.lists.w: a word has no letters',
    ]);
  });

  test('a policy that is named is there', () => {
    const text = `
models:
  chat: { target: sim/echo, guards: defualt }
  other: { target: sim/echo, guards: default }
defaults: { guards: strict }
guards: { default: { pii: {} } }
guardedProjects: { bank: defautl, shop: default }
flags: { f: { model: chat, set: { guards: wrong } } }
experiments: { e: { model: other, arms: { a: {}, b: { set: { guards: wrong } } } } }
`;
    assert.deepEqual(problemsIn(text), [
      '3 models.chat.guards: there is no policy "defualt"; did you mean "default"?',
      '5 defaults.guards: there is no policy "strict"; the policies are: default',
      '7 guardedProjects.bank: there is no policy "defautl"; did you mean "default"?',
      '8 flags.f.set.guards: there is no policy "wrong"; the policies are: default',
      '9 experiments.e.arms.b.set.guards: there is no policy "wrong"; the policies are: default',
    ]);
    assert.deepEqual(problemsIn('models: { chat: { target: sim/echo, guards: x } }'), [
      '1 models.chat.guards: there is no policy "x"; add it under guards',
    ]);
  });

  test('a policy that a variant names through the admin API is there', () => {
    const { config } = parseConfig(`${MODELS}\nguards: { default: { pii: {} } }`, { path: 'causeway.yaml', env: {} });
    const read = (guards: string) => () => readRollout('flags', 'f', { model: 'chat', set: { guards } }, config);
    assert.deepEqual(problemsOf(read('default')), []);
    assert.deepEqual(problemsOf(read('strict')), [
      '1 flags.f.set.guards: there is no policy "strict"; the policies are: default',
    ]);
  });

  test('a field that is wrong by itself is told once', () => {
    assert.equal(problemsIn(`${MODELS}\nguards: { a: { validation: { maxCharacters: -1 } } }`).length, 1);
  });
});
