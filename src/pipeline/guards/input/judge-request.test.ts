import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { askingGuard, makePolicy, patternScanner, scanningGuard } from '../../../../test/support/guard-policy.ts';
import {
  PHONE,
  chat,
  clock,
  deps,
  outcomes,
  passed,
  phones,
  redacting,
  user,
} from '../../../../test/support/screening.ts';
import type { ScanningGuard } from '../engine/guard-policy.ts';
import { JudgeFailed, JudgeNotAllowed } from '../engine/judge.ts';
import { screenRequest } from './screen-request.ts';

const TO_OWN = {
  virtualModel: 'm',
  targets: [{ provider: 'own', model: 'a' }],
  passThroughCredentials: false,
  timeouts: undefined,
};

describe('promise 9: a guard that fails', () => {
  const thrower = {
    scan(): never {
      throw new TypeError('13800138000');
    },
    held: () => 0,
  };

  it('is recorded as failed, and ends the call or lets it go on, as it says', async () => {
    for (const [onFailure, kind, went] of [
      ['closed', 'refused', 'no-further'],
      ['open', 'go-on', 'on'],
    ] as const) {
      const failing = makePolicy({
        scanning: [
          scanningGuard('pii', 'redact', thrower, { onFailure }),
          ...redacting.scanning.map((guard) => ({ ...guard, name: 'other' })),
        ],
      });
      const outcome = await screenRequest(deps, chat(user('13800138000')), [failing]);
      assert.deepEqual([outcome.kind, outcomes(outcome)], [kind, ['pii input failed', 'other input redacted']]);
      assert.equal(outcome.verdicts[0]?.went, went);
      assert.doesNotMatch(JSON.stringify(outcome.verdicts), PHONE);
    }
  });

  it('is recorded as failed where a judge does not say, is too late, or the client has left', async () => {
    const late = askingGuard('judge', 'block', () => new Promise(() => {}), { timeoutMs: 500 });
    const waiting = screenRequest(deps, chat(user('hi')), [makePolicy({ asking: [late] })]);
    await new Promise(setImmediate);
    clock.advance(500);
    assert.deepEqual(outcomes(await waiting), ['judge input failed']);

    const call = chat(user('hi'));
    const left = screenRequest(deps, call, [makePolicy({ asking: [late] })]);
    await new Promise(setImmediate);
    call.cancellation.cancel('client');
    assert.deepEqual((await left).verdicts[0]?.detail, { reason: 'the call was ended' });

    const silent = askingGuard('judge', 'block', () => Promise.reject(new JudgeFailed('it answered with 500')), {
      onFailure: 'open',
    });
    const outcome = await passed(chat(user('hi')), makePolicy({ asking: [silent] }));
    assert.deepEqual(
      [outcome.verdicts[0]?.went, outcome.verdicts[0]?.detail],
      ['on', { reason: 'it answered with 500' }],
    );
    assert.equal(clock.waiting, 0);
  });
});

describe('a judge', () => {
  const asked: string[] = [];
  const judging = (score: number) =>
    askingGuard('judge', 'block', ({ text }) => {
      asked.push(text);
      return Promise.resolve({ score, categories: { harm: score, other: 0.1 }, detail: { stage: 1 } });
    });

  it('is asked about texts in which marks stand, of those who are not trusted', async () => {
    asked.length = 0;
    const policy = makePolicy({ scanning: redacting.scanning, asking: [judging(0.2)] });
    const { verdicts } = await passed(
      chat(
        { role: 'system', content: 'brief' },
        user([
          { type: 'text', text: 'call' },
          { type: 'text', text: '13800138000' },
        ]),
      ),
      policy,
    );
    assert.deepEqual(asked, ['call\n[PHONE_1]']);
    assert.deepEqual([verdicts[1]?.outcome, verdicts[1]?.score, verdicts[1]?.detail], ['passed', 0.2, { stage: 1 }]);
  });

  it('has the last word on what it finds', async () => {
    const outcome = await screenRequest(deps, chat(user('hi')), [makePolicy({ asking: [judging(0.9)] })]);
    assert.deepEqual([outcome.kind, outcome.verdicts[0]?.found], ['refused', { harm: 1 }]);
  });

  it('is asked about the last message first, about so many one by one, and about the others together', async () => {
    asked.length = 0;
    const messages = Array.from({ length: 20 }, (_, at) => user(`message ${at}`));
    const { verdicts } = await passed(chat(...messages), makePolicy({ asking: [judging(0)] }));
    assert.deepEqual(
      [asked.length, asked[0], asked.at(-1)],
      [17, 'message 19', ['message 0', 'message 1', 'message 2', 'message 3'].join('\n\n')],
    );
    assert.equal(verdicts[0]?.outcome, 'passed');
  });

  it('promise 9: has failed where a request has more text than it is asked about', async () => {
    asked.length = 0;
    const messages = Array.from({ length: 80 }, () => user('a'.repeat(5000)));
    const outcome = await screenRequest(deps, chat(...messages), [makePolicy({ asking: [judging(0)] })]);
    assert.deepEqual([outcome.kind, outcomes(outcome)], ['refused', ['judge input failed']]);
    assert.equal(outcome.verdicts[0]?.detail?.['unasked'], 80 - 16 - 52);
    assert.equal(asked.length, 16 + Math.ceil(52 / 3));
  });

  it('is not asked about what another guard has refused', async () => {
    asked.length = 0;
    const policy = makePolicy({ scanning: [scanningGuard('pii', 'block', phones)], asking: [judging(0)] });
    const outcome = await screenRequest(deps, chat(user('13800138000')), [policy]);
    assert.deepEqual([asked, outcomes(outcome)], [[], ['pii input blocked', 'judge input skipped']]);
  });

  it('gives a second opinion only where there are signs that do not come to enough', async () => {
    const signs = scanningGuard('injection', 'block', patternScanner(/maybe/, 'sign', 0.3));
    const policy = makePolicy({ scanning: [signs], asking: [{ ...judging(0.9), secondOpinion: true }] });
    assert.deepEqual(outcomes(await passed(chat(user('hi')), policy)), [
      'injection input passed',
      'judge input skipped',
    ]);
    const outcome = await screenRequest(deps, chat(user('maybe')), [policy]);
    assert.deepEqual(outcomes(outcome), ['injection input passed', 'judge input blocked']);
  });

  it('that may not see the call was not asked', async () => {
    const guard = askingGuard('judge', 'block', () => Promise.reject(new JudgeNotAllowed('confined')));
    assert.deepEqual(outcomes(await passed(chat(user('hi')), makePolicy({ asking: [guard] }))), [
      'judge input skipped',
    ]);
  });

  it('is not shown what stays in for those who may see it', async () => {
    asked.length = 0;
    const judge = askingGuard('judge', 'block', ({ text, call: { confinedTo } }) => {
      asked.push(text);
      return Promise.resolve({ score: confinedTo ? 1 : 0, categories: {} });
    });
    const guard = { ...redacting.scanning[0], isExempt: () => true } as ScanningGuard;
    const call = Object.assign(chat(user('call 13800138000')), { assignment: TO_OWN });
    const outcome = await passed(call, makePolicy({ scanning: [guard], asking: [judge] }));
    assert.deepEqual([outcomes(outcome), asked], [['pii input exempt', 'judge input passed'], ['call [PHONE_1]']]);
    assert.deepEqual([outcome.isChanged, outcome.vault.isEmpty, call.confinedTo], [false, true, TO_OWN.targets]);
  });
});
