import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { GenerationalMap } from './generational-map.ts';

const anyStep = fc.record({ op: fc.constantFrom('get', 'set', 'delete'), key: fc.nat({ max: 30 }), value: fc.nat() });

test('it holds at most so many, says only what was set last, and has what was used among the last half', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 200 }), fc.integer({ min: 2, max: 20 }), (steps, most) => {
      const map = new GenerationalMap<number>(most);
      const model = new Map<string, number>();
      let used: string[] = [];
      const use = (key: string): void => {
        used = [...used.filter((one) => one !== key), key].slice(-Math.floor(most / 2));
      };
      for (const { op, key, value } of steps) {
        const name = String(key);
        if (op === 'set') {
          map.set(name, value);
          model.set(name, value);
          use(name);
        } else if (op === 'delete') {
          map.delete(name);
          model.delete(name);
          used = used.filter((one) => one !== name);
        } else {
          const found = map.get(name);
          if (found !== undefined) {
            assert.equal(found, model.get(name));
            use(name);
          } else assert.ok(!used.includes(name), `${name} was used a moment ago`);
        }
        assert.ok(map.size <= most, `${map.size} of ${most}`);
      }
    }),
  );
});
