import { describe, expect, test } from 'vitest';

import { changedTarget, readRoute, routeOfFile, routeOfModel, withoutTarget } from './route-draft.ts';
import type { EffectiveValue, Model } from './wire.ts';

const value = (path: string, of: string | number | boolean, origin = 'file') =>
  ({ path, value: of, origin }) as EffectiveValue;

describe('a route', () => {
  test('of the file is put together from its values, without defaults and without the routes of others', () => {
    const route = routeOfFile(
      [
        value('models.chat.route.by', 'weight'),
        value('models.chat.route.sticky', 'none', 'default'),
        value('models.chat.route.rules[0].when.sensitive', true),
        value('models.chat.route.rules[0].targets[0]', 'lab/echo'),
        value('models.chat.route.targets[0].target', 'lab/small'),
        value('models.chat.route.targets[0].weight', 3),
        value('models.chat.route.targets[1].target', 'lab/large'),
        value('models.chatty.route.by', 'cost'),
      ],
      'chat',
    );
    expect(route).toEqual({
      by: 'weight',
      rules: [{ when: { sensitive: true }, targets: ['lab/echo'] }],
      targets: [{ target: 'lab/small', weight: 3 }, { target: 'lab/large' }],
    });
    expect(routeOfFile([value('models.chat.target', 'lab/small')], 'chat')).toBeUndefined();
  });

  test('of a model with one target is that target', () => {
    const model = {
      targets: [
        { target: 'lab/small', role: 'target' },
        { target: 'x/y', role: 'fallback' },
      ],
      route: null,
    };
    expect(routeOfModel(model as unknown as Model)).toEqual({ by: 'order', targets: [{ target: 'lab/small' }] });
  });

  test('keeps what a form does not know when a target changes', () => {
    const route = {
      by: 'weight',
      reference: 'a/b',
      targets: [{ target: 'a/b', weight: 1, tiers: ['simple'] }, { target: 'c/d' }],
    };
    expect(changedTarget(route, 0, { weight: 4 })).toEqual({
      ...route,
      targets: [{ target: 'a/b', weight: 4, tiers: ['simple'] }, { target: 'c/d' }],
    });
    expect(changedTarget(route, 0, { weight: undefined })).toEqual({
      ...route,
      targets: [{ target: 'a/b', tiers: ['simple'] }, { target: 'c/d' }],
    });
    expect(withoutTarget(route, 0)).toEqual({ ...route, targets: [{ target: 'c/d' }] });
  });

  test('that is no object is refused', () => {
    expect(() => readRoute('[]')).toThrow();
    expect(() => readRoute('{')).toThrow(SyntaxError);
    expect(readRoute('{"by":"cost"}')).toEqual({ by: 'cost' });
  });
});
