import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { asCurl } from './curl.ts';

const OPENAI = {
  dialect: 'openai',
  endpoint: '/v1/chat/completions',
  model: 'chat',
  streamed: false,
  input: { model: 'chat' },
};

/** What a shell makes of it, one word a line. */
function words(command: string): string[] {
  const script = command.replace(/^curl/, `printf '%s\\0'`);
  const env = { ...process.env, CAUSEWAY_KEY: 'cw-test' };
  return execFileSync('/bin/sh', ['-c', script], { env, encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('asCurl', () => {
  it('is what was sent, in a shell too', () => {
    const input = { model: 'chat', messages: [{ role: 'user', content: `it's $HOME \`id\` "x" \\ \n 退款` }] };
    const [url, ...rest] = words(asCurl({ ...OPENAI, input }, 'http://gateway:8080') ?? '');
    expect(url).toBe('http://gateway:8080/v1/chat/completions');
    expect(rest).toContain('authorization: Bearer cw-test');
    expect(JSON.parse(rest.at(-1) ?? '')).toEqual(input);
  });

  it('speaks as the dialect does', () => {
    const anthropic = asCurl({ ...OPENAI, dialect: 'anthropic', endpoint: '/v1/messages' }, '') ?? '';
    expect(words(anthropic)).toEqual(expect.arrayContaining(['x-api-key: cw-test', 'anthropic-version: 2023-06-01']));
    const gemini = { ...OPENAI, dialect: 'gemini', endpoint: '/v1beta/models:streamGenerateContent', streamed: true };
    const [, url] = words(asCurl({ ...gemini, model: 'lab/small' }, '') ?? '');
    expect(url).toBe('/v1beta/models/lab/small:streamGenerateContent?alt=sse');
  });

  it('is not given where the body is not whole', () => {
    expect(asCurl({ ...OPENAI, input: '{"model":' }, '')).toBeUndefined();
    expect(asCurl({ ...OPENAI, input: null }, '')).toBeUndefined();
    expect(asCurl({ ...OPENAI, input: { sha256: 'ab', bytes: 2 } }, '')).toBeUndefined();
  });
});
