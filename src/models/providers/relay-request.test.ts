import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Assignment } from '../../core/call.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { clientCredential, forwardedHeaders, modelPatch, splitBaseUrl } from './relay-request.ts';

const ALLOWED: Assignment = {
  virtualModel: undefined,
  targets: [],
  passThroughCredentials: true,
  timeouts: undefined,
};

describe('clientCredential', () => {
  it('passes on a credential of the provider, where the model allows it', () => {
    const cases: [Record<string, string>, Record<string, string> | undefined][] = [
      [{ authorization: 'Bearer sk-ant-oat01-x', 'x-api-key': 'cw-key' }, { authorization: 'Bearer sk-ant-oat01-x' }],
      [{ authorization: 'Bearer cw-key', 'x-api-key': 'sk-ant-x' }, { 'x-api-key': 'sk-ant-x' }],
      [{ authorization: 'Bearer cw-key', 'x-goog-api-key': 'AIza-x' }, { 'x-goog-api-key': 'AIza-x' }],
      [{ 'x-api-key': 'cw-key' }, undefined],
      [{ 'x-goog-api-key': 'cw-key' }, undefined],
      [{ authorization: 'Bearer cw-key' }, undefined],
      [{}, undefined],
    ];
    for (const [headers, expected] of cases) {
      assert.deepEqual(clientCredential(makeCall({ headers, assignment: ALLOWED })), expected, JSON.stringify(headers));
    }
  });

  it('promise 12: never takes our own key for a credential of the provider, however it is written', () => {
    for (const authorization of [
      'Bearer cw-key',
      'bearer  cw-key',
      'BEARER\tCW-key',
      'cw-key',
      'Basic Y3cta2V5',
      'Bearer ',
    ]) {
      const call = makeCall({ headers: { authorization }, assignment: ALLOWED });
      assert.equal(clientCredential(call), undefined, authorization);
    }
  });

  it('passes nothing on where the model does not say so', () => {
    const headers = { authorization: 'Bearer sk-ant-oat01-x' };
    assert.equal(clientCredential(makeCall({ headers })), undefined);
    const assignment = { ...ALLOWED, passThroughCredentials: false };
    assert.equal(clientCredential(makeCall({ headers, assignment })), undefined);
  });
});

describe('forwardedHeaders', () => {
  it('takes the named ones and nothing else', () => {
    const call = makeCall({ headers: { 'openai-beta': 'a', cookie: 'c', traceparent: ['t', 'u'] } });
    assert.deepEqual(forwardedHeaders(call, ['openai-beta', 'traceparent', 'tracestate']), {
      'openai-beta': 'a',
      traceparent: 't',
    });
  });
});

describe('modelPatch', () => {
  it('changes the name only where the provider knows the model by another', () => {
    const call = makeCall({ json: { model: 'chat' } });
    assert.deepEqual(modelPatch(call, 'chat'), []);
    assert.deepEqual(modelPatch(call, 'gpt-5'), [{ op: 'set', path: '/model', value: 'gpt-5' }]);
  });
});

describe('splitBaseUrl', () => {
  it('keeps the path without slashes at its end', () => {
    const cases: [string, string, string][] = [
      ['https://api.openai.com/v1', 'https://api.openai.com', '/v1'],
      ['https://api.anthropic.com', 'https://api.anthropic.com', ''],
      ['http://127.0.0.1:8000/a/v1//', 'http://127.0.0.1:8000', '/a/v1'],
    ];
    for (const [url, origin, basePath] of cases) assert.deepEqual(splitBaseUrl(url), { origin, basePath });
  });

  it('refuses what is not an address of HTTP', () => {
    for (const url of ['ftp://x', 'file:///etc/passwd', 'localhost', '', 'javascript:alert(1)']) {
      assert.throws(() => splitBaseUrl(url), RangeError, url);
    }
  });
});
