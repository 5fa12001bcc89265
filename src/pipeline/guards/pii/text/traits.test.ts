import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { piiScanner } from '../scanner.ts';
import { PII_ENTITIES } from '../settings.ts';
import { traitsOf } from './traits.ts';

const SETTINGS = { entities: [...PII_ENTITIES], except: [], own: new Map(), region: 'CN', allow: [] };
const ALL = -1;
const scanner = piiScanner(SETTINGS);
const everything = piiScanner(SETTINGS, () => ALL);
const usual = piiScanner({ ...SETTINGS, entities: [] });

const PARTS = `138 1380 0013 8000 13800138000 +86 0086 010 6552 4242 4111 1111 378282246310005 11010519491231002X 078-05-1120 192.168 .1.1
  10.0.0.1 2001:db8::1 ::1 fe80::1: 12:30:45 @ a@b.com 张三@例子.公司 :// https://u:pw1@h.de postgres://u:p@h/d GB29 NWBK 60161331926819
  GB29NWBK60161331926819 E12345678 S1234567D passport licence card order phone call my tel 电话 身份证 驾照 京A12345 粤B·D12345 使123456
  sk-abc1defgh2ijklmn sk_live_4eC39HqLyjWD hf_abcdef1ghijkl SG.abcdefg1hijkl AKIAIOSFODNN7EXAMPLE AIzaSyA1234567890abcdefghijklmnopqrstuv
  LTAI5tAbCdEf123456 eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc eyJhbGciOab eyJ0eXAiOxy hooks.slack.com/services/T000/B000/XXXXXXXX
  ?access_token=abcdefghijklmnopqrstu bearer Bearer abcdefgh1jklmnopqr basic YWxhZGRpbjpvcGVuMTIz password: password= passwd: 'api_key' apiKey=
  "secret": token:: PWD= credentials: passphrase is passcode is Password IS x1y2z3q4 hunter2! 密码是 密钥： passw0rd1 -----BEGIN RSA PRIVATE KEY-----
  MIIEpAIBAAKCAQEA1234567890abcdefghijkl %31%33 %40 ①③⑧ １３８００１３８０００ \u200b \u00ad ¥ $ 12,345.67 2023-05-01 12.5.2020 v1.2.3.4 12345678Z \\nGB29
  12AB34567 AB12 12AB3 über · ・ • _ ( ) # ext. 分机 转 012 x= == ::`;
const part = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...PARTS.split(/\s+/)) },
  { weight: 2, arbitrary: fc.stringMatching(/^[0-9]{1,9}$/) },
  fc.stringMatching(/^[A-Za-z0-9_.~+/=-]{8,20}$/),
  fc.string({ maxLength: 3, unit: 'binary' }),
);
const gap = fc.constantFrom(...' | | ||\n|\r\n|\t|-|.|. |, |:|=|: | = |"|(|) |  |   |\\|/|_|\u00a0|·|，|：'.split('|'));
const text = fc.array(fc.tuple(part, gap), { minLength: 1, maxLength: 14 }).map((parts) => parts.flat().join(''));

describe('the traits of a text', () => {
  it('leave out nothing that a recogniser finds', () => {
    fc.assert(
      fc.property(text, (given) => {
        assert.deepEqual(scanner.scan(given), everything.scan(given));
      }),
      { numRuns: 1000 },
    );
  });

  it('say at a glance what a scan says', () => {
    fc.assert(
      fc.property(text, (given) => {
        const glance = usual.glance?.(given);
        if (glance) assert.deepEqual(glance, usual.scan(given));
      }),
      { numRuns: 300 },
    );
  });

  it('are none of most letters', () => {
    assert.equal(
      traitsOf('Hello, my zip catches halfway: it cost 89.90 in 2023, on 14 March. Is that understandable?'),
      0,
    );
  });
});
