import type { Admission, AdminRequest, Change, OperatorDoor, Visitor } from '../../core/admin-request.ts';
import { GatewayError } from '../../core/errors.ts';
import { GenerationalMap } from '../../core/generational-map.ts';
import type { Operator } from '../../core/operator.ts';
import type { AuditDesk } from '../audit/audit-desk.ts';
import type { Keyring } from '../identity/keyring.ts';
import { hashSecret } from '../identity/operator-key.ts';
import { admit } from '../roles/admit.ts';
import { ruleOf } from '../roles/rules.ts';
import { sessionTokenOf } from '../sessions/cookie.ts';
import { type Sessions, operatorIn } from '../sessions/sessions.ts';
import type { Attempts } from '../sign-in/attempts.ts';
import { requireOwnPage } from './same-site.ts';

const BEARER = /^Bearer +(\S+) *$/i;
const MOST_PROVEN = 1000;

const HOW =
  'the admin key (CAUSEWAY_ADMIN_KEY) or an operator key as "Authorization: Bearer …", or a session (sign in at /console/)';

export interface DoorDeps {
  readonly keyring: Pick<Keyring, 'find'>;
  readonly sessions: Pick<Sessions, 'find' | 'isUnseen'>;
  readonly attempts: Pick<Attempts, 'require' | 'waitMs' | 'failed'>;
  readonly audit: Pick<AuditDesk, 'note'>;
}

/** Lets in whoever has a key or a session, and says what they may do. */
export class Door implements OperatorDoor {
  readonly #deps: DoorDeps;
  /** Hashes of keys that were right: whoever has one is let in also while somebody at the same address guesses. */
  readonly #proven = new GenerationalMap<true>(MOST_PROVEN);

  constructor(deps: DoorDeps) {
    this.#deps = deps;
  }

  async identify(visitor: Visitor): Promise<Operator> {
    const bearer = bearerOf(visitor);
    if (bearer !== undefined) return this.#ofKey(bearer, visitor);
    const token = sessionTokenOf(visitor.headers['cookie'], visitor.isHttps);
    if (token === undefined) {
      throw new GatewayError('auth_missing_key', { message: `The admin API needs ${HOW}.` });
    }
    return this.#ofSession(token, visitor);
  }

  async find(visitor: Visitor): Promise<Operator | undefined> {
    const bearer = bearerOf(visitor);
    if (bearer !== undefined) return this.#deps.keyring.find(bearer)?.operator;
    const token = sendsOwnKey(visitor) ? undefined : sessionTokenOf(visitor.headers['cookie'], visitor.isHttps);
    return token === undefined ? undefined : this.#ofSession(token, visitor);
  }

  admit(operator: Operator, request: AdminRequest): Admission {
    return admit(operator, request);
  }

  isChange(method: string, route: string): boolean {
    return method !== 'GET' && method !== 'HEAD' && ruleOf(method, route).asks !== true;
  }

  note(change: Change): Promise<void> {
    return this.#deps.audit.note(change);
  }

  #ofKey(key: string, { address }: Visitor): Operator {
    const { attempts, keyring } = this.#deps;
    const hash = hashSecret(key);
    if (!this.#proven.get(hash)) attempts.require(address);
    const found = keyring.find(key);
    if (found) {
      this.#proven.set(hash, true);
      return found.operator;
    }
    if (attempts.waitMs(address) === 0) attempts.failed(address);
    throw new GatewayError('auth_invalid_key', {
      message:
        'This is no key of an operator, or it has expired or was revoked. The admin key is the value of CAUSEWAY_ADMIN_KEY, or was printed at the first start.',
    });
  }

  async #ofSession(token: string, visitor: Visitor): Promise<Operator> {
    const { attempts, sessions } = this.#deps;
    requireOwnPage(visitor);
    const isGuess = sessions.isUnseen(token);
    if (isGuess) attempts.require(visitor.address);
    const session = await sessions.find(token);
    if (session) return operatorIn(session);
    if (isGuess) attempts.failed(visitor.address);
    throw new GatewayError('auth_invalid_key', {
      message: `The session is over. Sign in again at /console/, or send ${HOW}.`,
    });
  }
}

/** A page of the same host may have the cookie, and a key of its own. */
function sendsOwnKey({ headers }: Visitor): boolean {
  return ['authorization', 'x-api-key', 'x-goog-api-key'].some((name) => headers[name] !== undefined);
}

function bearerOf({ headers }: Visitor): string | undefined {
  return BEARER.exec(String(headers['authorization'] ?? ''))?.[1];
}
