import type { Visitor } from '../../core/admin-request.ts';
import { GatewayError } from '../../core/errors.ts';
import type { AuditDesk } from '../audit/audit-desk.ts';
import type { Keyring } from '../identity/keyring.ts';
import type { Identified } from '../identity/operator-directory.ts';
import type { Session } from '../sessions/session-store.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Attempts } from './attempts.ts';

export interface SignInDeps {
  readonly keyring: Pick<Keyring, 'find'>;
  readonly sessions: Pick<Sessions, 'open' | 'end'>;
  readonly attempts: Pick<Attempts, 'require' | 'failed' | 'succeeded'>;
  readonly audit: Pick<AuditDesk, 'deed'>;
}

/** Somebody who was let in, and what their browser keeps. */
export interface SignedIn {
  readonly token: string;
  readonly session: Session;
}

/** Where people sign in and out. */
export class SignInDesk {
  readonly #deps: SignInDeps;

  constructor(deps: SignInDeps) {
    this.#deps = deps;
  }

  /** @throws auth_invalid_key, limit_requests, storage_unavailable */
  async withKey(key: string, visitor: Visitor): Promise<SignedIn> {
    const { keyring, attempts } = this.#deps;
    attempts.require(visitor.address);
    const found = keyring.find(key);
    if (!found) {
      await this.refused(visitor, 'no key of an operator');
      throw new GatewayError('auth_invalid_key', {
        message:
          'This is no key of an operator, or it has expired or was revoked. The admin key is the value of CAUSEWAY_ADMIN_KEY, or was printed at the first start.',
      });
    }
    attempts.succeeded(visitor.address);
    return this.letIn(found, visitor);
  }

  /** Opens a session for somebody who has proved who they are. @throws storage_unavailable */
  async letIn(identified: Identified, { address }: Visitor): Promise<SignedIn> {
    const { sessions, audit } = this.#deps;
    const signedIn = await sessions.open(identified, address);
    const { operator } = identified;
    await audit.deed({ actor: operator.name, operator, address, action: 'sign-in', subject: 'session', status: 200 });
    return signedIn;
  }

  /** Somebody has not proved who they are. */
  async refused({ address }: Visitor, why: string, actor = 'unknown'): Promise<void> {
    const { attempts, audit } = this.#deps;
    attempts.failed(address);
    await audit.deed({ actor, address, action: 'sign-in', subject: 'session', status: 401, after: { reason: why } });
  }

  /** @throws storage_unavailable */
  async signOut(session: Session, { address }: Visitor): Promise<void> {
    const { sessions, audit } = this.#deps;
    await sessions.end(session.tokenHash);
    const { name, role, projects, signedInBy: by } = session;
    const operator = { name, role, projects: projects ?? undefined, by };
    await audit.deed({ actor: name, operator, address, action: 'sign-out', subject: 'session', status: 200 });
  }
}
