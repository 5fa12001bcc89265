import { type Static, type TProperties, Type } from 'typebox';

import { type Rollout, isInForce, shareOfFlag } from '../definition.ts';
import { ROLLOUT_UNITS } from '../settings.ts';
import { plainOf } from './plain.ts';

const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const COMMON = {
  id: Type.String(),
  origin: Type.String({ description: 'file: it stands in causeway.yaml; admin: made through this API' }),
  model: orNull('The virtual model; null where the definition cannot be read any more'),
  enabled: Type.Boolean(),
  in_force: Type.Boolean(),
  problem: orNull('Why it is not in force although it is enabled'),
  definition: Type.Unknown({
    description: 'As it was sent; of what stands in causeway.yaml as it was read, with its times in milliseconds',
  }),
  created_at: orNull('RFC 3339; null of what stands in causeway.yaml'),
  updated_at: orNull('RFC 3339: of the definition, or of how it stands'),
};

export const ByView = Type.String({ description: `Who gets the same each time: ${ROLLOUT_UNITS.join(', ')}` });

export function withCommon<Fields extends TProperties>(fields: Fields) {
  return Type.Object({ ...COMMON, ...fields });
}

const CommonView = Type.Object(COMMON);
type CommonView = Static<typeof CommonView>;

/** What the admin API shows of everything that is tried. */
export function commonView(rollout: Rollout): CommonView {
  const { id, origin, definition, written, problem, createdAt, updatedAt } = rollout;
  const enabled = definition?.enabled ?? false;
  return {
    id,
    origin,
    model: definition?.model ?? null,
    enabled,
    in_force: isInForce(rollout),
    problem: problem ?? null,
    definition: written ?? plainOf(definition),
    created_at: createdAt?.toISOString() ?? null,
    updated_at: updatedAt?.toISOString() ?? null,
  };
}

export function momentView(ms: number): string {
  return new Date(ms).toISOString();
}

export const RouteView = withCommon({});
export type RouteView = Static<typeof RouteView>;

const names = (description: string) => Type.Array(Type.String(), { description });
export const FlagView = withCommon({
  by: ByView,
  share: Type.Number({ description: 'Of them, 0 to 1' }),
  users: names('For whom it is always on'),
  projects: names('For which it is always on'),
  keys: names('For which it is always on'),
});
export type FlagView = Static<typeof FlagView>;

export function flagView(rollout: Rollout<'flag'>): FlagView {
  const { by = 'user', users = [], projects = [], keys = [] } = rollout.definition ?? {};
  return {
    ...commonView(rollout),
    by,
    share: rollout.definition ? shareOfFlag(rollout.definition) : 0,
    users: [...users],
    projects: [...projects],
    keys: [...keys],
  };
}
