import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { type Gateway, startGateway } from '../support/gateway.ts';

async function shake(url: string, path: string): Promise<{ status: number | undefined; body: string }> {
  const asked = request(`${url}${path}`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of answer) body += String(chunk);
  return { status: answer.statusCode, body };
}

describe('the realtime API', () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway({});
  });
  after(() => gateway.close());

  for (const path of ['/v1/realtime?model=gpt-realtime', '/v1/realtime/client_secrets']) {
    it(`is refused in words at ${path}, handshake or not`, async () => {
      const { status, body } = await shake(gateway.url, path);
      assert.equal(status, 400);
      assert.match(body, /The realtime API is not served here/);
      const plain = await fetch(`${gateway.url}${path}`, { method: 'POST' });
      assert.match(await plain.text(), /The realtime API is not served here/);
    });
  }

  it('is told from paths that only look like it', async () => {
    const answer = await fetch(`${gateway.url}/v1/realtimes`);
    assert.equal(answer.status, 404);
    await answer.text();
  });
});
