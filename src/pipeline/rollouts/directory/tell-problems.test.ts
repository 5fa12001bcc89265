import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { configOf } from '../../../../test/support/config-of.ts';
import { readerOf } from '../../../../test/support/rollout-house.ts';
import type { Json } from '../../../core/json.ts';
import type { RolloutRow } from '../rollout-store.ts';
import { RolloutDirectory } from './rollout-directory.ts';
import { tellProblems } from './tell-problems.ts';

const MODELS = 'models: { chat: { target: sim/echo }, other: { target: sim/small } }\n';
const CANARY = 'canaries: { new: { model: chat, set: { target: sim/small } } }\n';
const ARMS = { a: {}, b: { set: { target: 'sim/small' } } };

/** A directory of what is stored, and what was said of it since it was looked at last. */
async function told(...stored: readonly (readonly [kind: RolloutRow['kind'], id: string, definition: Json])[]) {
  let config = configOf(MODELS);
  let rows = stored.map(([kind, id, definition]) => rowOf(kind, id, definition));
  const directory = new RolloutDirectory({
    store: { list: async () => rows },
    read: (kind, id, body) => readerOf(config)(kind, id, body),
  });
  const said: unknown[] = [];
  const take = () => said.splice(0);
  await directory.state.refresh();
  tellProblems(directory, {
    warn: ({ kind, id, problem }: { kind?: string; id?: string; problem?: string }) =>
      void said.push(['warn', kind, id, problem]),
    info: ({ kind, id }: { kind?: string; id?: string }) => void said.push(['info', kind, id]),
  });
  const reload = (text: string) => {
    config = configOf(text);
    directory.setFile(config);
    return take();
  };
  const store = async (...all: typeof rows) => {
    rows = all;
    await directory.state.refresh();
    return take();
  };
  return { reload, store, take };
}

function rowOf(kind: RolloutRow['kind'], id: string, definition: Json): RolloutRow {
  return { kind, id, definition, state: null, stateVersion: 0, createdAt: new Date(0), updatedAt: new Date(0) };
}

describe('what is enabled and not in force', () => {
  test('is said once, with the reason, and again when it is over', async () => {
    const { reload, take } = await told(['experiment', 'e', { model: 'chat', arms: ARMS }]);
    assert.deepEqual(take(), []);
    const problem = 'the canary "new" tries something on the model "chat" already; one at a time, or neither is clear';
    assert.deepEqual(reload(MODELS + CANARY), [['warn', 'experiment', 'e', problem]]);
    assert.deepEqual(reload(MODELS + CANARY), [], 'it is known');
    assert.deepEqual(reload(MODELS), [['info', 'experiment', 'e']]);
  });

  test('is said of one whose model is no more, and another reason is said too', async () => {
    const { reload } = await told(['flag', 'beta', { model: 'other', set: { target: 'sim/small' } }]);
    const [gone, ...more] = reload('models: { chat: { target: sim/echo } }\n');
    assert.match(JSON.stringify(gone), /"warn","flag","beta","it cannot be read any more: .*no virtual model/);
    assert.deepEqual(more, []);
    const [changed] = reload('models: { again: { target: sim/echo } }\n');
    assert.match(JSON.stringify(changed), /"warn","flag","beta".*again/);
  });

  test("is nobody's business where it is not enabled, or taken away", async () => {
    const off = { model: 'gone', enabled: false, set: { target: 'sim/small' } };
    const { store, take } = await told(['flag', 'off', off], ['flag', 'on', { ...off, enabled: true }]);
    assert.equal(take().length, 1);
    assert.deepEqual(await store(rowOf('flag', 'off', off)), []);
    assert.equal((await store(rowOf('flag', 'on', { ...off, enabled: true }))).length, 1, 'it is made anew');
  });
});
