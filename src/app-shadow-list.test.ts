import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { variantOf } from './app-catalog.ts';
import { ShadowList } from './app-shadow-list.ts';
import { readRollout } from './config/read-rollout.ts';
import type { Config } from './config/config.ts';
import type { VariantSettings } from './config/schema.ts';
import { type Assignment, targetName } from './core/call.ts';
import type { Json } from './core/json.ts';
import { assignmentOf } from './models/catalog.ts';
import type { ReadDefinition, RolloutKind } from './pipeline/rollouts/definition.ts';
import { RolloutDirectory } from './pipeline/rollouts/directory/rollout-directory.ts';
import type { RolloutRow } from './pipeline/rollouts/rollout-store.ts';
import { configOf } from '../test/support/config-of.ts';
import { readerOf } from '../test/support/rollout-house.ts';

const PROVIDERS = 'providers: { sim: { type: simulator }, other: { type: simulator } }\n';
const MODELS = 'models: { chat: { target: sim/echo }, more: { target: sim/echo } }\n';
const BRIEF = { model: 'chat', set: { prompt: { version: 'brief@1.0.0', system: 'Be brief.' } }, usd: 1 };
const ROUTE = { route: { by: 'order', targets: [{ target: 'other/a' }, { target: 'other/b' }] } };

/** What is stored, and the file, as a process sees them. */
class House {
  config: Config = configOf(PROVIDERS + MODELS);
  readonly rows = new Map<string, RolloutRow>();
  readonly directory: RolloutDirectory;
  readonly shadows: ShadowList;

  constructor() {
    const { rows } = this;
    const directory = new RolloutDirectory({
      store: { list: () => Promise.resolve([...rows.values()]) },
      read: ((kind, id, body) => this.#read(kind, id, body)) as ReadDefinition,
    });
    directory.setFile(this.config);
    this.directory = directory;
    this.shadows = new ShadowList({ directory, live: this });
  }

  variant(name: string, sets: readonly VariantSettings[]): Assignment {
    return assignmentOf(variantOf(name, sets, this.config));
  }

  #read(kind: RolloutKind, id: string, body: unknown): ReturnType<ReadDefinition> {
    if (kind !== 'route') return readerOf(this.config)(kind, id, body);
    return { definition: readRollout('flags', 'route', { model: id, set: body }, this.config) };
  }

  async put(kind: RolloutKind, id: string, definition: Json, createdAt = new Date(0)): Promise<void> {
    const state = { state: null, stateVersion: 0, createdAt, updatedAt: createdAt };
    this.rows.set(`${kind} ${id}`, { kind, id, definition, ...state });
    await this.directory.state.refresh();
  }

  reload(text: string): void {
    this.config = configOf(text);
    this.directory.setFile(this.config);
  }

  get run(): string | undefined {
    return this.shadows.all()[0]?.run;
  }
}

describe('the shadows there are', () => {
  it('have the route that everybody gets, but for what they put in its place', async () => {
    const house = new House();
    await house.put('shadow', 'brief', BRIEF);
    await house.put('shadow', 'small', { ...BRIEF, set: { target: 'sim/small' } });
    await house.put('route', 'chat', ROUTE);
    const targets = house.shadows.of('chat').map((one) => house.shadows.variant(one).targets.map(targetName));
    assert.deepEqual(targets, [['other/a', 'other/b'], ['sim/small']]);
    assert.equal(house.shadows.variant({ model: 'more', set: {} }).targets.map(targetName).join(), 'sim/echo');
  });

  it('begin anew with every change of what either side is, and with nothing else', async () => {
    const house = new House();
    await house.put('shadow', 'brief', BRIEF);
    const runs = [house.run];
    await house.put('shadow', 'brief', { ...BRIEF, share: 0.5, usd: 2 });
    await house.put('canary', 'new', { model: 'more', set: { target: 'sim/small' } });
    await house.put('route', 'more', ROUTE);
    house.reload(`${PROVIDERS}${MODELS}limits: []\n`);
    assert.equal(house.run, runs[0]);
    await house.put('route', 'chat', ROUTE);
    runs.push(house.run);
    house.reload(PROVIDERS.replaceAll('simulator', 'simulator, ttft: 5ms') + MODELS);
    runs.push(house.run);
    await house.put('route', 'chat', { route: { by: 'order', targets: [{ target: 'sim/x' }] } });
    runs.push(house.run);
    await house.put('shadow', 'brief', BRIEF, new Date(1));
    runs.push(house.run);
    assert.equal(new Set(runs).size, 5, JSON.stringify(runs));
  });

  it('are the same objects as long as nothing of them changes', async () => {
    const house = new House();
    await house.put('shadow', 'brief', BRIEF);
    const [before] = house.shadows.all();
    await house.put('canary', 'new', { model: 'more', set: { target: 'sim/small' } });
    assert.equal(house.shadows.all()[0], before);
  });

  it('are listed with the reason where their model has left the file, and get nothing', async () => {
    const house = new House();
    await house.put('shadow', 'brief', BRIEF);
    house.reload(`${PROVIDERS}models: { more: { target: sim/echo } }\n`);
    const [listed] = house.shadows.list();
    assert.deepEqual([listed?.id, listed?.definition, listed?.written], ['brief', undefined, BRIEF]);
    assert.match(listed?.problem ?? '', /cannot be read any more.*chat/);
    assert.deepEqual([house.shadows.of('chat'), house.shadows.all()], [[], []]);
    house.reload(PROVIDERS + MODELS);
    assert.equal(house.shadows.of('chat').length, 1);
  });
});
