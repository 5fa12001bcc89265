import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isReservedName } from './names.ts';

test('nobody is called what the audit log calls something else, however it is written', () => {
  for (const name of [
    'admin key',
    'Admin Key',
    ' ADMIN\u00A0 KEY ',
    'admin-key',
    'admin\u200B key',
    'ａｄｍｉｎ ｋｅｙ',
    'file',
    'File.',
    'command_line',
    'UNKNOWN',
  ]) {
    assert.ok(isReservedName(name), JSON.stringify(name));
  }
  for (const name of ['ada', 'the admin', 'files', 'file@example.com', '文件', 'unknown soldier', '...']) {
    assert.ok(!isReservedName(name), JSON.stringify(name));
  }
});
