import assert from 'node:assert/strict';
import { it } from 'node:test';

import { settled } from '../../../test/support/batcher-desk.ts';
import { fakeProvider } from '../../../test/support/fake-provider.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { withKey } from '../providers/provider-keys.ts';
import type { Provider } from '../providers/provider.ts';
import { EmbeddingBatcher } from './batcher.ts';

it('joins only what goes with the same key, and is idle once no key has any', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
  const { provider, transport } = fakeProvider('openai', { apiKeys: ['a', 'b'] });
  const [, other] = (provider.keys ?? []).map((key) => withKey(provider, key));
  const batcher = new EmbeddingBatcher(() => ({ window: 10, parallel: 4 }));
  const submit = (seat: Provider = provider): void => {
    const call = makeCall({ operation: 'embeddings', json: { model: 'm', input: 'x' } });
    const { embedding } = call;
    const piece = { call, embedding, inputs: embedding.inputs, tokens: 1, sent() {}, done() {}, failed() {} };
    batcher.submit({ provider: seat, embedder: seat.embedder ?? assert.fail(), model: 'm' }, [piece]);
  };
  submit();
  submit(other);
  let isIdle = false;
  const wait = batcher.idle(provider).then(() => (isIdle = true));
  t.mock.timers.tick(0);
  await settled();
  const keys = transport.exchanges.map(({ request }) => request.headers['authorization']);
  assert.deepEqual(keys, ['Bearer a', 'Bearer b']);
  transport.exchanges[0]?.fail('broken');
  await settled();
  assert.equal(isIdle, false);
  transport.exchanges[1]?.fail('broken');
  await wait;
});
