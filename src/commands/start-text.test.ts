import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { configOf } from '../../test/support/config-of.ts';
import { buildCatalog } from '../app-catalog.ts';
import { systemClock } from '../core/clock.ts';
import { guardsText } from './start-guards.ts';
import { type StartFacts, startText } from './start-text.ts';

function textOf(config: string, facts: Partial<StartFacts> = {}): string {
  return startText({
    url: 'http://127.0.0.1:8080',
    hasConsole: true,
    freshKeys: { apiKey: 'cw-1', adminKey: undefined },
    database: 'embedded',
    sharedCounters: false,
    limits: [],
    tried: [],
    guards: guardsText(configOf(config)),
    catalog: buildCatalog(configOf(config), new Map(), [], systemClock),
    dataDir: 'data',
    file: undefined,
    program: 'causeway',
    ...facts,
  });
}

const MODELS = `models:
  plain: { target: sim/echo }
  split: { route: { by: weight, targets: [{ target: sim/small }, { target: sim/large }] } }
  careful: { route: { targets: [{ target: sim/small }], cascade: { to: sim/large, check: self-check } } }
  private:
    route:
      targets: [{ target: sim/large }]
      rules:
        - { name: long, when: { length: { atLeast: 10000 } }, targets: [sim/small] }
        - { name: pictures, when: { images: true }, targets: [sim/echo] }
`;

describe('what a start prints', () => {
  test('says how each virtual model chooses: among which, what follows, and whether rules come before', () => {
    const lines = textOf(MODELS).split('\n');
    const of = (name: string) => lines.find((line) => line.startsWith(`  ${name} →`));
    assert.equal(of('plain'), '  plain → sim/echo');
    assert.equal(of('split'), '  split → sim/small, sim/large   (by weight)');
    assert.equal(of('careful'), '  careful → sim/small, then sim/large where it is not sure');
    assert.equal(of('private'), '  private → sim/large + 2 rules');
  });

  test('says where the console is, where there is one', () => {
    assert.match(textOf(MODELS), /\nConsole {4}http:\/\/127\.0\.0\.1:8080\/console\/ /);
    assert.doesNotMatch(textOf(MODELS, { hasConsole: false }), /Console/);
  });

  test('says how many workers share the port, where several do', () => {
    assert.doesNotMatch(textOf(MODELS), /Workers/);
    assert.match(textOf(MODELS, { workers: 4 }), /\nWorkers {4}4, a process each, on one port \(--workers\)\n/);
  });

  test('says what is tried, but not without end, and nothing where nothing is', () => {
    assert.doesNotMatch(textOf(MODELS), /Tried/);
    const tried = ['flag beta (chat)', 'canary new (chat, at 5 %)'];
    assert.match(textOf(MODELS, { tried }), /\nTried {6}flag beta \(chat\), canary new \(chat, at 5 %\)\n/);
    const many = Array.from({ length: 30 }, (_, at) => `flag f${at} (chat)`);
    assert.match(textOf(MODELS, { tried: many }), /\nTried.* flag f5 \(chat\), and 24 more\n/);
  });

  test('says what guards look at, and what none does', () => {
    assert.match(textOf(MODELS), /\nGuards {5}none {3}\(guards: in causeway\.yaml\)\n/);
    const guards =
      'guards: { strict: { pii: {} }, mild: { pii: {} }, other: { pii: {} } }\nguardedProjects: { bank: strict }';
    assert.match(
      textOf(`${guards}\n${MODELS.replace('plain: { ', 'plain: { guards: mild, ')}`),
      /\nGuards {5}strict \(project bank\), mild \(model plain\), other \(nothing falls under it\); models asked as provider\/model are unguarded \(defaults\.guards\)\n/,
    );
    const all = textOf(`${guards}\ndefaults: { guards: mild }\n${MODELS}`);
    assert.match(all, /mild \(models plain, split, careful, private; what is asked as provider\/model\)/);
    assert.doesNotMatch(all, /unguarded/);
  });

  test('names the file where there is one, and says only otherwise that one can be written', () => {
    assert.match(textOf(MODELS), /start again, or write a causeway\.yaml/);
    const text = textOf(MODELS, { file: '/etc/causeway.yaml' });
    assert.match(text, /start again, or name providers in \/etc\/causeway\.yaml/);
    assert.doesNotMatch(text, /write a causeway/);
  });
});
