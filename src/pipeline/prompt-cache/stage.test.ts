import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../test/support/make-call.ts';
import { CallBody } from '../../core/call-body.ts';
import type { PromptCachePolicy } from '../../core/caching.ts';
import type { Assignment, Call } from '../../core/call.ts';
import type { Json } from '../../core/json.ts';
import type { Reply } from '../../core/reply.ts';
import { BreakpointGuard } from './breakpoint-guard.ts';
import { promptCacheStage } from './stage.ts';

const LONG = 'You are a careful assistant. '.repeat(200);
const POLICY: PromptCachePolicy = { breakpoints: true, ttl: '5m', sticky: true };
const REPLY: Reply = {
  kind: 'whole',
  status: 200,
  headers: {},
  body: Buffer.alloc(0),
  terminal: { kind: 'completed', finishReason: 'stop', usage: undefined },
};

function assigned(promptCache: PromptCachePolicy | undefined): Assignment {
  return { virtualModel: 'chat', targets: [], passThroughCredentials: false, timeouts: undefined, promptCache };
}

interface Asked extends Partial<Call> {
  readonly json: object;
  readonly policy?: PromptCachePolicy | undefined;
}

async function passed({ json, policy = POLICY, ...parts }: Asked, guard = new BreakpointGuard()): Promise<Call> {
  const principal = { keyId: 'k', project: 'p', user: undefined, models: undefined };
  const call = makeCall({ principal, assignment: assigned(policy), ...parts, json });
  await promptCacheStage({ guard }).run(call, () => Promise.resolve(REPLY));
  return call;
}

const ask = (system: string, ...said: string[]) => ({
  model: 'm',
  messages: [
    { role: 'system', content: system },
    ...said.map((content, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content })),
  ],
});

const askAt = (time: string) => ask(`${LONG}It is ${time}.`, 'Hi');

/** A message whose system prompt bears a breakpoint, or none. */
const marked = (mark: object) => ({
  model: 'm',
  system: [{ type: 'text', text: LONG.slice(0, 3000), ...mark }],
  messages: [{ role: 'user', content: LONG }],
});

async function prefixOf(json: object, parts: Partial<Call> = {}): Promise<string | undefined> {
  return (await passed({ json, ...parts })).promptPrefix;
}

/** Of a short prompt with something put into its body. */
async function prefixOfChanged(path: string, value: Json): Promise<string | undefined> {
  const call = makeCall({ assignment: assigned(POLICY), json: ask('Be brief.', 'Hi') });
  call.body.amend({ op: 'set', path, value });
  await promptCacheStage({ guard: new BreakpointGuard() }).run(call, () => Promise.resolve(REPLY));
  return call.promptPrefix;
}

describe('the stage of prompt caches', () => {
  it('names the prefix of a long prompt, the same for each turn of a conversation', async () => {
    const first = await prefixOf(ask('Be brief.', LONG));
    assert.match(first ?? '', /^[\w-]{22}$/);
    assert.equal(await prefixOf(ask('Be brief.', LONG, 'Yes', 'Go on')), first);
    assert.notEqual(await prefixOf(ask('Be long.', LONG)), first);
    assert.notEqual(await prefixOf({ ...ask('Be brief.', LONG), model: 'n' }), first);
    const other = { keyId: 'k', project: 'q', user: undefined, models: undefined };
    assert.notEqual(await prefixOf(ask('Be brief.', LONG), { principal: other }), first);
  });

  it('is told of a short prompt whose body is changed by what may be long, and not by a number', async () => {
    assert.ok((await prefixOfChanged('/messages/0/content', LONG)) !== undefined);
    assert.equal(await prefixOfChanged('/max_tokens', 256), undefined);
  });

  it('does not tell prompts apart by what comes after the shortest prefix that is cached', async () => {
    const [one, two] = await Promise.all([passed({ json: askAt('10:00') }), passed({ json: askAt('10:01') })]);
    assert.ok(one.promptPrefix !== undefined);
    assert.equal(one.promptPrefix, two.promptPrefix);
  });

  it('names the same prefix wherever a client has its breakpoints now', async () => {
    const dialect = 'anthropic';
    const one = await passed({ dialect, json: marked({}) });
    const two = await passed({ dialect, json: marked({ cache_control: { type: 'ephemeral' } }) });
    assert.equal(one.promptPrefix, two.promptPrefix);
  });

  it('promise 11: reads no deeper than prompts are', async () => {
    // As bytes: what writes JSON has an end to its stack as well.
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const plain = JSON.stringify({ ...ask(LONG, 'Hi'), tools: [{ name: 'f', deep: 0 }] });
    const raw = Buffer.from(plain.replace('"deep":0', `"deep":${deep}`));
    const { promptPrefix } = await passed({ json: ask(LONG, 'Hi'), body: new CallBody(raw) });
    assert.match(promptPrefix ?? '', /^[\w-]{22}$/);
  });

  it('names nothing where the beginning is kept by the provider', async () => {
    const json = { model: 'm', input: LONG, previous_response_id: 'resp_1' };
    assert.equal((await passed({ dialect: 'responses', json })).promptPrefix, undefined);
    assert.ok((await passed({ dialect: 'responses', json: { ...json, previous_response_id: null } })).promptPrefix);
  });

  it('does nothing for short prompts, other operations, and where it is off', async () => {
    const short = await passed({ json: ask('Be brief.', 'Hi') });
    const count = await passed({ json: ask(LONG, 'Hi'), operation: 'token-count' });
    const off = makeCall({ json: ask(LONG, 'Hi'), assignment: assigned(undefined) });
    await promptCacheStage({ guard: new BreakpointGuard() }).run(off, () => Promise.resolve(REPLY));
    for (const call of [short, count, off]) {
      assert.deepEqual([call.promptPrefix, call.promptCaching], [undefined, undefined]);
    }
  });

  it('hints what the policy says', async () => {
    const json = ask(LONG, 'Hi');
    const hints = async (policy: PromptCachePolicy) => (await passed({ json, policy })).promptCaching?.hintsFor('c/x');
    const key = (await passed({ json })).promptPrefix;
    assert.deepEqual(await hints(POLICY), { breakpoints: '5m', key });
    assert.deepEqual(await hints({ ...POLICY, ttl: '1h' }), { breakpoints: '1h', key });
    assert.deepEqual(await hints({ ...POLICY, breakpoints: false }), { breakpoints: undefined, key });
    assert.deepEqual(await hints({ ...POLICY, sticky: false }), { breakpoints: '5m', key: undefined });
  });

  it('learns from attempts that had breakpoints placed, and stops placing them where they lose', async () => {
    const guard = new BreakpointGuard();
    const json = ask(LONG, 'Hi');
    const opening = { priceVersion: undefined, reservedNanoUsd: undefined, retryOf: undefined, simulated: false };
    const settle = async (breakpoints: number) => {
      const call = await passed({ json }, guard);
      const attempt = call.attempts.open({ ...opening, target: 'c/x' });
      attempt.breakpoints = breakpoints;
      const usage = { inputTokens: 2000, cacheCreationInputTokens: 2000, outputTokens: 1 };
      attempt.close(0, { outcome: 'completed', usage, usageSource: 'reported' });
      call.promptCaching?.settled(attempt);
      return call.promptCaching?.hintsFor('c/x').breakpoints;
    };
    for (let at = 0; at < 25; at += 1) assert.equal(await settle(0), '5m');
    for (let at = 0; at < 19; at += 1) assert.equal(await settle(2), '5m');
    assert.equal(await settle(2), undefined);
  });
});
