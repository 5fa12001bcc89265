import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type CpuProfile, attribute } from './cpu-profile.ts';

const ROOT = '/house';

interface Frame {
  readonly name: string;
  readonly url: string;
}

const own = (name: string, file: string): Frame => ({ name, url: `file://${ROOT}/${file}` });
const node = (name: string, module: string): Frame => ({ name, url: `node:${module}` });
const native = (name: string): Frame => ({ name, url: '' });

/** One sample for each stack, outermost frame first, of so many microseconds. */
function profileOf(stacks: readonly [us: number, ...frames: Frame[]][]): CpuProfile {
  const nodes: { id: number; callFrame: CpuProfile['nodes'][number]['callFrame']; children: number[] }[] = [
    { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1 }, children: [] },
  ];
  const samples = stacks.map(([, ...frames]) => {
    let [parent] = nodes;
    for (const { name, url } of frames) {
      const made = { id: nodes.length + 1, callFrame: { functionName: name, url, lineNumber: 9 }, children: [] };
      nodes.push(made);
      parent?.children.push(made.id);
      parent = made;
    }
    return parent?.id ?? 1;
  });
  return { nodes, samples, timeDeltas: stacks.map(([us]) => us) };
}

const cacheStage = own('run', 'src/pipeline/cache/stage.ts');

test('natives and internals of Node belong to the frame of the project that called them', () => {
  const profile = profileOf([
    [10, cacheStage],
    [20, cacheStage, native('JSONParse')],
    [30, cacheStage, node('update', 'internal/crypto/hash'), native('update')],
  ]);
  const { byRoom, byFunction, busyUs } = attribute(profile, ROOT);
  assert.deepEqual([...byRoom], [['pipeline/cache', 60]]);
  assert.deepEqual([...byFunction], [['run src/pipeline/cache/stage.ts:10', 60]]);
  assert.equal(busyUs, 60);
});

test('the innermost frame of the project counts; shared words count for their caller too', () => {
  const parse = own('parse', 'src/core/json.ts');
  const profile = profileOf([
    [10, own('run', 'src/edge/server.ts'), cacheStage, parse],
    [5, parse],
  ]);
  const { byRoom, byCaller } = attribute(profile, ROOT);
  assert.deepEqual([...byRoom], [['core', 15]]);
  assert.deepEqual(
    [...byCaller],
    [
      ['pipeline/cache', 10],
      ['core', 5],
    ],
  );
});

test('packages are rooms of their own, under any folder of packages', () => {
  const undici = own('onData', 'node_modules/undici/lib/client.js');
  const scoped = own('get', 'node_modules/a/node_modules/@b/c/index.js');
  const { byRoom } = attribute(
    profileOf([
      [10, cacheStage, undici],
      [5, undici, native('write')],
      [1, scoped],
    ]),
    ROOT,
  );
  assert.deepEqual(
    [...byRoom],
    [
      ['undici', 15],
      ['@b/c', 1],
    ],
  );
});

test('what is in nobody’s frame is Node’s, the collector’s, or nobody’s', () => {
  const { byRoom, idleUs, busyUs } = attribute(
    profileOf([
      [1, node('parserOnHeadersComplete', '_http_common')],
      [2, native('(garbage collector)')],
      [3, native('(program)')],
      [50, native('(idle)')],
      [4, own('launch', 'src/app.ts')],
      [5, own('sample', 'bench/probe.ts')],
    ]),
    ROOT,
  );
  assert.deepEqual(Object.fromEntries(byRoom), {
    app: 4,
    '(program)': 3,
    '(garbage collector)': 2,
    'node:http': 1,
  });
  assert.equal(idleUs, 50);
  assert.equal(busyUs, 10);
});
