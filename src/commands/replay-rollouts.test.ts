import assert from 'node:assert/strict';
import { test } from 'node:test';

import { configOf } from '../../test/support/config-of.ts';
import { TRAFFIC_FROM } from '../../test/support/recorded-traffic.ts';
import { summed, at, openUnder, replayUnder } from '../../test/support/replay-under.ts';
import type { Json } from '../core/json.ts';
import type { Rollout } from '../pipeline/rollouts/definition.ts';
import type { RolloutRow } from '../pipeline/rollouts/rollout-store.ts';
import { runOf } from '../pipeline/rollouts/run.ts';

const SMALL = 'models: { chat: { target: sim/small } }\n';

function row(kind: RolloutRow['kind'], id: string, definition: Json | null): RolloutRow {
  const [createdAt, updatedAt] = [new Date(TRAFFIC_FROM), new Date(TRAFFIC_FROM)];
  return { kind, id, definition, state: null, stateVersion: 0, createdAt, updatedAt };
}
const LARGE = { target: 'sim/large' };

test('what is set through the admin API is in force as well, and what cannot be is named', async () => {
  const stored = [
    row('flag', 'big', { model: 'chat', users: ['ada'], set: LARGE }),
    row('flag', 'lost', { model: 'gone', set: LARGE }),
    row('route', 'other', { route: { targets: [LARGE] } }),
  ];
  const models = 'models: { chat: { target: sim/small }, other: { target: sim/small } }\n';
  const requests = [at(0, { userId: 'ada' }), at(1), at(2, { model: 'other' }), at(3, { target: 'sim/large' })];
  const replayed = await replayUnder(models, requests, stored);
  const went = replayed.map((one) => 'target' in one.after && one.after.target);
  assert.deepEqual(went, ['sim/large', 'sim/small', 'sim/large', 'sim/small']);
  const proposal = await openUnder(models, stored);
  const notes = proposal.notes().join('\n');
  await proposal.close();
  assert.match(notes, /admin API is in force here as well, as it is now: route "other", flag "big"\.$/m);
  assert.match(notes, /^Not in force under this configuration: flag "lost" \(.*gone/m);
});

test('a canary is where it stands now: of the admin API, and of the file as long as that says the same', async () => {
  const half = { status: 'running', step: 3, stepSinceMs: TRAFFIC_FROM, history: [] };
  const requests = Array.from({ length: 400 }, (_, index) =>
    at(index, { userId: `u${index}`, target: index % 2 ? 'sim/small' : 'sim/large' }),
  );
  const shareOf = async (config: string, one: RolloutRow): Promise<number> => {
    const replayed = await replayUnder(config, requests, [one]);
    return summed(replayed).all.after.targets.of('sim/large') / requests.length;
  };
  const begun = (one: RolloutRow, definition?: Rollout<'canary'>['definition']): RolloutRow => {
    const origin = definition ? 'file' : 'admin';
    const written = one.definition ?? undefined;
    const createdAt = definition ? undefined : one.createdAt;
    const rollout = { ...one, kind: 'canary', origin, written, definition, problem: undefined, createdAt } as const;
    return { ...one, state: { run: runOf(rollout, 0), restarts: 0, canary: half }, stateVersion: 1 };
  };
  const share = await shareOf(SMALL, begun(row('canary', 'try', { model: 'chat', set: LARGE })));
  assert.ok(Math.abs(share - 0.5) < 0.1, `${share}`);
  const file = `${SMALL}canaries: { try: { model: chat, set: { target: sim/large } } }\n`;
  const stored = begun(row('canary', 'try', null), configOf(file).canaries.get('try'));
  const inFile = await shareOf(file, stored);
  assert.ok(Math.abs(inFile - 0.5) < 0.1, `${inFile}`);
  const changed = await shareOf(file.replace('set:', 'by: request, set:'), stored);
  assert.ok(changed < 0.05, `${changed}`);
});
