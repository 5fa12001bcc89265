import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { JudgeHouse } from '../../../../../test/support/judge-house.ts';
import { makeCall } from '../../../../../test/support/make-call.ts';
import { type Judgement, JudgeFailed, JudgeNotAllowed } from '../../engine/judge.ts';
import type { ServiceSettings } from '../settings.ts';

const SECRET = 'a-secret-that-nobody-says';
const ALIYUN: ServiceSettings = {
  type: 'aliyun',
  accessKeyId: 'LTAI-id',
  accessKeySecret: SECRET,
  region: 'cn-shanghai',
  service: 'llm_query_moderation',
  outputService: 'llm_response_moderation',
};
const TENCENT: ServiceSettings = { type: 'tencent', secretId: 'AKID-id', secretKey: SECRET, region: 'ap-guangzhou' };
const house = () => new JudgeHouse(undefined, { aliyun: ALIYUN, tencent: TENCENT });

/** The message of a failure; of anything else the test fails. */
async function failure(asked: Promise<Judgement>): Promise<string> {
  const thrown: unknown = await asked.then(
    () => assert.fail('it says something'),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof JudgeFailed, String(thrown));
  assert.ok(!thrown.message.includes(SECRET) && !thrown.message.includes('a client text'));
  return thrown.message;
}

async function answered(
  service: 'aliyun' | 'tencent',
  status: number,
  body: unknown,
  text = 'a client text',
): Promise<Judgement> {
  const { ask, transport } = bound();
  const asked = ask(service, text);
  transport.last.answer(status, body);
  return asked;
}

function bound() {
  const at = house();
  return {
    transport: at.transport,
    ask: (service: string, text: string, categories: readonly string[] = []) => at.ask({ service, categories }, text),
  };
}

/** Shapes as the documentation of the services gives them. */
const ALIYUN_FOUND = {
  Code: 200,
  Data: {
    Advice: [{ Answer: 'XXX' }],
    RiskLevel: 'high',
    Result: [
      { Label: 'contraband_drug', Confidence: 81.22, RiskWords: 'a client text' },
      { Label: 'political_n', Confidence: 60 },
    ],
  },
  Message: 'OK',
  RequestId: 'AAAAAA-BBBB-CCCC-DDDD-EEEEEEEE0001',
};
const ALIYUN_LABELS = {
  Code: 200,
  Data: {
    RiskLevel: 'high',
    Result: [{ Label: 'contraband_drug' }],
    AttackLevel: 'medium',
    AttackResult: [{ Label: 'Jailbreak' }],
  },
  Message: 'OK',
};
const ALIYUN_CLEAN = {
  Code: 200,
  Data: { RiskLevel: 'none', Result: [{ Label: 'nonLabel' }] },
  Message: 'OK',
  RequestId: 'AAAAAA-BBBB-CCCC-DDDD-EEEEEEEE0002',
};
const tencentFound = (parts: object) => ({
  Response: {
    RequestId: 'be7474bf-bcc6-4f4b-a081-80ac687c040e',
    BizType: 'content_input',
    Label: 'Illegal',
    SubLabel: 'Drug',
    Suggestion: 'Block',
    Keywords: [],
    Score: 87,
    DetailResults: [
      { Label: 'Polity', SubLabel: '', Suggestion: 'Pass', Keywords: [], Score: 0, LibType: 0 },
      { Label: 'Illegal', SubLabel: 'Drug', Suggestion: 'Block', Keywords: [], Score: 87, LibType: 0 },
      { Label: 'Ad', Suggestion: 'Review', Keywords: ['a client text'], Score: 72 },
    ],
    RiskDetails: [],
    ...parts,
  },
});

describe('Aliyun', () => {
  test('is asked about requests and answers by a signed form, each at its own service', async () => {
    const at = house();
    const asked = at.ask({ service: 'aliyun' }, 'hello & 你好');
    const { request } = at.transport.last;
    assert.equal(
      `${request.method} ${request.origin}${request.path}`,
      'POST https://green-cip.cn-shanghai.aliyuncs.com/',
    );
    const form = new URLSearchParams(Buffer.from(request.body ?? []).toString('utf8'));
    assert.deepEqual(Object.fromEntries(form), {
      Service: 'llm_query_moderation',
      ServiceParameters: JSON.stringify({ content: 'hello & 你好' }),
    });
    assert.match(
      request.headers['authorization'] ?? '',
      /^ACS3-HMAC-SHA256 Credential=LTAI-id,SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=[\da-f]{64}$/,
    );
    assert.equal(request.headers['x-acs-date'], '2023-11-14T22:13:20Z');
    at.transport.last.answer(200, ALIYUN_CLEAN);
    assert.deepEqual(await asked, {
      score: 0,
      categories: {},
      detail: { requestId: 'AAAAAA-BBBB-CCCC-DDDD-EEEEEEEE0002' },
    });
    const answer = at.ask({ service: 'aliyun' }, 'hello & 你好', { place: 'output' });
    assert.match(Buffer.from(at.transport.last.request.body ?? []).toString(), /^Service=llm_response_moderation&/);
    at.transport.last.answer(200, ALIYUN_CLEAN);
    await answer;
  });

  test('says what it found and how bad it is: what it would act on at once is above 0.9', async () => {
    assert.deepEqual(await answered('aliyun', 200, ALIYUN_FOUND), {
      score: 0.9,
      categories: { contraband_drug: 0.9, political_n: 0.6 },
      detail: { requestId: 'AAAAAA-BBBB-CCCC-DDDD-EEEEEEEE0001' },
    });
    const low = { ...ALIYUN_FOUND, Data: { ...ALIYUN_FOUND.Data, RiskLevel: 'low' } };
    assert.equal((await answered('aliyun', 200, low)).score, 0.49);
  });

  test('has labels without a number, which are as sure as their level', async () => {
    const { categories } = await answered('aliyun', 200, ALIYUN_LABELS);
    assert.deepEqual(categories, { contraband_drug: 0.9, Jailbreak: 0.5 });
  });

  test('counts only the categories that are named', async () => {
    const { ask, transport } = bound();
    const asked = ask('aliyun', 'x', ['ad_compliance']);
    transport.last.answer(200, ALIYUN_FOUND);
    assert.equal((await asked).score, 0);
  });

  for (const [status, body, says] of [
    [200, { Code: 588, Message: 'EXCEED_QUOTA', RequestId: 'x' }, /asks for fewer requests.*588/],
    [200, { Code: 408, Message: 'PERMISSION_DENY', RequestId: 'x' }, /not activated, not paid/],
    [400, { Code: 'Throttling.User', Message: 'a client text' }, /asks for fewer requests.*Throttling\.User/],
    [404, { Code: 'InvalidAccessKeyId.NotFound', Message: 'not found' }, /check accessKeyId/],
    [
      400,
      { Code: 'SignatureDoesNotMatch', Message: `server string to sign is ${SECRET} a client text` },
      /accessKeySecret/,
    ],
    [400, { Code: 'InvalidTimeStamp.Expired', Message: 'x' }, /clock/],
    [500, { Code: 'ServiceUnavailable', Message: 'x' }, /failed \(500, ServiceUnavailable\)/],
    [200, { Code: 200, Data: {}, RequestId: 'x' }, /without a level of risk/],
    [502, 'bad gateway', /502, and not with JSON/],
  ] as const) {
    test(`has failed where it answers ${status} ${JSON.stringify(body).slice(0, 40)}`, async () => {
      assert.match(await failure(answered('aliyun', status, body)), says);
    });
  }
});

describe('Tencent', () => {
  test('is asked by signed JSON, with the text in base64', async () => {
    const at = house();
    const asked = at.ask({ service: 'tencent' }, '你好');
    const { request } = at.transport.last;
    assert.equal(`${request.origin}${request.path}`, 'https://tms.tencentcloudapi.com/');
    assert.equal(Buffer.from(request.body ?? []).toString(), '{"Content":"5L2g5aW9"}');
    const { authorization, ...headers } = request.headers;
    assert.match(
      authorization ?? '',
      /Credential=AKID-id\/2023-11-14\/tms\/tc3_request, SignedHeaders=content-type;host;x-tc-action, /,
    );
    assert.deepEqual(headers, {
      'content-type': 'application/json; charset=utf-8',
      'x-tc-action': 'TextModeration',
      'x-tc-version': '2020-12-29',
      'x-tc-timestamp': '1700000000',
      'x-tc-region': 'ap-guangzhou',
    });
    at.transport.last.answer(200, tencentFound({ Label: 'Normal', Suggestion: 'Pass', Score: 0, DetailResults: [] }));
    assert.deepEqual(await asked, {
      score: 0,
      categories: {},
      detail: { requestId: 'be7474bf-bcc6-4f4b-a081-80ac687c040e' },
    });
  });

  test('says what it found; what it would block is above 0.9, also a word of an own list, which has no score', async () => {
    const { score, categories } = await answered('tencent', 200, tencentFound({}));
    assert.deepEqual([score, categories], [0.9, { Illegal: 0.9, Ad: 0.72 }]);
    const own = tencentFound({ Label: 'Custom', Score: 0, DetailResults: null });
    assert.deepEqual((await answered('tencent', 200, own)).categories, { Custom: 0.9 });
  });

  for (const [code, says] of [
    ['RequestLimitExceeded', /asks for fewer requests.*RequestLimitExceeded/],
    ['AuthFailure.SignatureFailure', /check secretKey/],
    ['AuthFailure.SecretIdNotFound', /check secretId/],
    ['UnauthorizedOperation', /not activated, not paid/],
    ['InvalidParameterValue.ErrTextContentLen', /refused the request as wrong/],
    ['InternalError', /failed \(InternalError\)/],
  ] as const) {
    test(`has failed where it answers 200 with ${code}`, async () => {
      const body = { Response: { Error: { Code: code, Message: 'a client text' }, RequestId: 'x' } };
      assert.match(await failure(answered('tencent', 200, body)), says);
    });
  }

  test('has failed where it says something that is no suggestion', async () => {
    assert.match(await failure(answered('tencent', 200, { Response: { RequestId: 'x' } })), /without a suggestion/);
  });
});

describe('a service', () => {
  test('is given up in time, and its connection with it', async () => {
    const at = house();
    const asked = failure(at.ask({ service: 'tencent' }, 'x', { allowedMs: 300 }));
    at.clock.advance(301);
    assert.match(await asked, /did not answer within 300 ms/);
    assert.equal(at.transport.last.aborts, 1);
  });

  test('is given up with the call that waits for it, and is not asked for one that has ended', async () => {
    const at = house();
    const call = makeCall();
    const asked = failure(at.ask({ service: 'tencent' }, 'x', { call }));
    call.cancellation.cancel('client');
    assert.match(await asked, /ended/);
    assert.match(await failure(at.ask({ service: 'tencent' }, 'y', { call })), /ended/);
    assert.equal(at.transport.exchanges.length, 1);
    assert.equal(at.clock.waiting, 0);
  });

  test('may not be shown a call that is confined to some targets', async () => {
    const at = house();
    const call = makeCall({ confinedTo: [{ provider: 'local', model: 'm' }] });
    await assert.rejects(at.ask({ service: 'aliyun' }, 'x', { call }), JudgeNotAllowed);
    assert.equal(at.transport.exchanges.length, 0);
  });

  test('that is not there is said when the judge is made', () => {
    assert.throws(() => house().ask({ service: 'baidu' }, 'x'), /guardServices has no "baidu"/);
  });

  test('may answer with half a megabyte at most, and break off', async () => {
    const at = house();
    const asked = failure(at.ask({ service: 'aliyun' }, 'x'));
    at.transport.last.head(200);
    at.transport.last.data(Buffer.alloc(600 * 1024, 'x'));
    assert.match(await asked, /more than 512 KB/);
    at.transport.unsendable = true;
    assert.match(await failure(at.ask({ service: 'aliyun' }, 'x')), /could not be reached/);
  });
});
