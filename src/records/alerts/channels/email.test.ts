import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { after, before, beforeEach, describe, test } from 'node:test';

import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

import { LOCAL_CERTIFICATE } from '../../../../test/support/local-certificate.ts';
import type { Notice } from '../messages/notice.ts';
import { sendOnce } from './send.ts';
import type { ChannelOf } from './settings.ts';

const notice: Notice = {
  id: 'notice_1',
  at: Date.UTC(2026, 10, 21, 8),
  state: 'resolved',
  alert: 'slow',
  kind: 'latency',
  severity: 'warning',
  subject: 'model:chat\r\nBcc: everybody@example.com',
  evidence: { value: 12_345, above: 10_000, unit: 'ms', quantile: 'p95' },
  source: 'Causeway',
};

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

const mails: Mail[] = [];
const servers: SMTPServer[] = [];

/** A server of its own, which takes mail of `causeway` with the password `hunter2-mail`. */
async function serve(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({
    ...LOCAL_CERTIFICATE,
    authOptional: true,
    onAuth: ({ username = '', password }, _session, done) =>
      password === 'hunter2-mail' ? done(null, { user: username }) : done(new Error(`not ${password}`)),
    onData(stream, { envelope, secure, user }, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        mails.push({ from, to: rcptTo.map(({ address }) => address), text, isSecure: secure, user: user as string });
        done();
      });
    },
    ...options,
  });
  // Clients that go away in the middle are part of the test.
  server.on('error', () => undefined);
  servers.push(server);
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  return (server.server.address() as AddressInfo).port;
}

function channel(port: number, parts: Partial<ChannelOf<'email'>> = {}): ChannelOf<'email'> {
  return {
    type: 'email',
    host: '127.0.0.1',
    port,
    tls: 'none',
    from: 'Causeway <causeway@example.com>',
    to: ['ops@example.com', 'Boss <boss@example.com>'],
    language: 'en',
    allowPrivate: true,
    ...parts,
  };
}

const send = (to: ChannelOf<'email'>) => sendOnce(to, notice, { now: () => 0 });

describe('e-mail', () => {
  let plain = 0;
  let encrypting = 0;
  let implicit = 0;
  before(async () => {
    plain = await serve({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    encrypting = await serve({});
    implicit = await serve({ secure: true });
  });
  beforeEach(() => void mails.splice(0));
  after(() => {
    for (const server of servers) server.close();
  });

  test('goes to each address, as plain text, with what a mailbox needs', async () => {
    assert.deepEqual(await send(channel(plain, { user: 'causeway', password: 'hunter2-mail' })), { kind: 'sent' });
    const [{ from, to, text, user } = assert.fail()] = mails;
    assert.deepEqual([from, to, user], ['causeway@example.com', ['ops@example.com', 'boss@example.com'], 'causeway']);
    assert.match(text, /^Subject: \[Resolved\] Causeway: answers take too long/m);
    assert.match(text, /^Message-ID: <notice_1@causeway>/m);
    assert.match(text, /^Now: p95 12.3 s\r$/m);
    assert.doesNotMatch(text, /^Bcc:/m);
  });

  test('in Chinese arrives in Chinese', async () => {
    await send(channel(plain, { language: 'zh' }));
    const [{ text } = assert.fail()] = mails;
    const body = text.split('\r\n\r\n').at(-1) ?? '';
    const decoded = /base64/i.test(text) ? Buffer.from(body, 'base64').toString() : decodeQuoted(body);
    assert.match(decoded, /当前值：p95 12.3 s/);
  });

  test('promise 12: is not sent in the clear to a server that does not encrypt', async () => {
    const verdict = await send(channel(plain, { tls: 'starttls', user: 'causeway', password: 'hunter2-mail' }));
    assert.notEqual(verdict.kind, 'sent');
    assert.equal(mails.length, 0);
    assert.ok(!JSON.stringify(verdict).includes('hunter2-mail'));
  });

  test('promise 12: is not sent to a server whose certificate nobody vouches for', async () => {
    for (const verdict of [
      await send(channel(encrypting, { tls: 'starttls' })),
      await send(channel(implicit, { tls: 'implicit' })),
    ]) {
      assert.notEqual(verdict.kind, 'sent');
      assert.match(JSON.stringify(verdict), /certificate/i);
    }
    assert.equal(mails.length, 0);
  });

  test('is encrypted after STARTTLS, or from the beginning', async () => {
    const usual = getCACertificates('default');
    setDefaultCACertificates([...usual, LOCAL_CERTIFICATE.cert]);
    try {
      assert.deepEqual(await send(channel(encrypting, { tls: 'starttls', host: 'localhost' })), { kind: 'sent' });
      assert.deepEqual(await send(channel(implicit, { tls: 'implicit', host: 'localhost' })), { kind: 'sent' });
    } finally {
      setDefaultCACertificates(usual);
    }
    assert.deepEqual(
      mails.map(({ isSecure }) => isSecure),
      [true, true],
    );
  });

  test('a password that is refused is not tried again, and is not shown', async () => {
    const verdict = await send(channel(plain, { user: 'causeway', password: 'hunter2-wrong' }));
    assert.equal(verdict.kind, 'refused');
    assert.ok(!JSON.stringify(verdict).includes('hunter2'), JSON.stringify(verdict));
  });

  test('what the server answers decides whether it is tried again', async () => {
    for (const [responseCode, kind] of [
      [550, 'refused'],
      [451, 'later'],
    ] as const) {
      const port = await serve({
        onRcptTo: (_address, _session, done) => done(Object.assign(new Error('not now'), { responseCode })),
      });
      assert.equal((await send(channel(port))).kind, kind, String(responseCode));
    }
    assert.equal((await send(channel(1))).kind, 'later');
  });

  test('promise 12: goes to no private address unless that is allowed', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const verdict = await send(channel(plain, { host, allowPrivate: false }));
      assert.match(JSON.stringify(verdict), /"refused".*loopback/);
    }
    assert.equal(mails.length, 0);
  });

  test('a server that hangs up is tried again', async () => {
    const rude = createServer((socket) => socket.end());
    await new Promise<void>((listening) => void rude.listen(0, '127.0.0.1', listening));
    assert.equal((await send(channel((rude.address() as AddressInfo).port))).kind, 'later');
    rude.close();
  });
});

function decodeQuoted(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replaceAll(/=([\dA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
