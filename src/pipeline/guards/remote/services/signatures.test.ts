import assert from 'node:assert/strict';
import { test } from 'node:test';

import { acs3Authorization, sha256, tc3Authorization } from './signatures.ts';

test("Alibaba Cloud's own example has the signature that its documentation gives", () => {
  const headers = {
    'x-acs-action': 'RunInstances',
    'x-acs-content-sha256': sha256(''),
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-version': '2014-05-26',
  };
  const query = 'ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai';
  const parts = { host: 'ecs.cn-shanghai.aliyuncs.com', path: '/', query, headers, body: '' };
  assert.equal(
    acs3Authorization(parts, 'YourAccessKeyId', 'YourAccessKeySecret'),
    'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  );
});

test("Tencent Cloud's own example has the signature that its documentation gives", () => {
  const body = String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`;
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const parts = { host: 'cvm.tencentcloudapi.com', path: '/', headers, body };
  assert.equal(
    tc3Authorization(
      parts,
      { service: 'cvm', seconds: 1_551_113_065 },
      'AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******',
      'Gu5t9xGARNpq86cd98joQYCN3*******',
    ),
    'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c',
  );
});
