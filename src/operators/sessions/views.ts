import { type Static, Type } from 'typebox';

import type { Operator } from '../../core/operator.ts';
import type { Session } from './session-store.ts';

const orNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);
const PROJECTS = Type.Union([Type.Array(Type.String()), Type.Null()], {
  description: 'The only projects that they see; null = all',
});

/** Who asks, and for how long they may. */
export const SessionView = Type.Object({
  operator: Type.Object({
    name: Type.String(),
    role: Type.String({ description: 'admin, editor or viewer' }),
    projects: PROJECTS,
    by: Type.String({ description: 'admin-key, operator-key or single-sign-on' }),
  }),
  expires_at: orNull('RFC 3339; later where it is used. Null where a key was sent'),
});

export function sessionView({ name, role, projects, by }: Operator, expiresAt: Date | undefined) {
  const operator = { name, role, projects: projects ? [...projects] : null, by };
  return { operator, expires_at: expiresAt?.toISOString() ?? null };
}

/** Somebody who is signed in, as admins see it. */
export const ListedSessionView = Type.Object({
  id: Type.String({ description: 'A hash: nobody can sign in with it' }),
  name: Type.String(),
  role: Type.String(),
  projects: PROJECTS,
  by: Type.String(),
  address: Type.String({ description: 'From where they signed in' }),
  created_at: Type.String(),
  expires_at: Type.String(),
  current: Type.Boolean({ description: 'The one that asks' }),
});

export function listedSessionView(session: Session, current: string | undefined): Static<typeof ListedSessionView> {
  const { tokenHash: id, name, role, projects, signedInBy: by, address, createdAt, expiresAt } = session;
  return {
    id,
    name,
    role,
    projects: projects && [...projects],
    by,
    address,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
    current: id === current,
  };
}
