import type { Admission, AdminRequest, Change, OperatorDoor, Visitor } from '../../core/admin-request.ts';
import { GatewayError } from '../../core/errors.ts';
import { GenerationalMap } from '../../core/generational-map.ts';
import { clientNetwork } from '../../core/network-address.ts';
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
/** Where it is sent, the other headers may carry a credential of the provider. */
const CLIENT_KEY = 'x-causeway-api-key';
const OWN_KEYS = ['authorization', 'x-api-key', 'x-goog-api-key'];

const HOW =
  'the admin key (CAUSEWAY_ADMIN_KEY) or an operator key as "Authorization: Bearer …", or a session (sign in at /console/)';

export interface DoorDeps {
  readonly keyring: Pick<Keyring, 'find'>;
  readonly sessions: Pick<Sessions, 'find' | 'holds' | 'isUnseen'>;
  readonly attempts: Pick<Attempts, 'require' | 'waitMs' | 'failed'>;
  readonly audit: Pick<AuditDesk, 'note'>;
  /** Whether a text has the form of a key of a client: it has too many bits to be a guess at one of an operator. */
  readonly isClientKey: (text: string) => boolean;
}

/** Lets in whoever has a key or a session, and says what they may do. */
export class Door implements OperatorDoor {
  readonly #deps: DoorDeps;
  /**
   * Which keys were right from where: whoever has one is let in also while somebody at the same address guesses. Not
   * from elsewhere: else a guess at a key that is in use would be let in however many failed before.
   */
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
    if (visitor.headers[CLIENT_KEY] !== undefined) return undefined;
    const bearer = bearerOf(visitor);
    if (bearer !== undefined) return this.#holderAmongClients(bearer, visitor);
    const token = sendsOwnKey(visitor) ? undefined : sessionTokenOf(visitor.headers['cookie'], visitor.isHttps);
    return token === undefined ? undefined : this.#ofSession(token, visitor);
  }

  /**
   * Whether what somebody was let in with would still let them in. It prolongs no session, and counts as no attempt.
   * @throws storage_unavailable
   */
  async holds(visitor: Visitor): Promise<boolean> {
    const bearer = bearerOf(visitor);
    if (bearer !== undefined) return this.#deps.keyring.find(bearer) !== undefined;
    const token = sessionTokenOf(visitor.headers['cookie'], visitor.isHttps);
    return token !== undefined && this.#deps.sessions.holds(token);
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

  #ofKey(key: string, visitor: Visitor): Operator {
    const operator = this.#holderOf(key, visitor);
    if (operator) return operator;
    throw new GatewayError('auth_invalid_key', {
      message:
        'This is no key of an operator, or it has expired or was revoked. The admin key is the value of CAUSEWAY_ADMIN_KEY, or was printed at the first start.',
    });
  }

  #holderAmongClients(key: string, visitor: Visitor): Operator | undefined {
    const { keyring, isClientKey } = this.#deps;
    return isClientKey(key) ? keyring.find(key)?.operator : this.#holderOf(key, visitor);
  }

  /** Counts who guesses. @throws limit_requests, whether the key is right or not */
  #holderOf(key: string, { address }: Visitor): Operator | undefined {
    const { attempts, keyring } = this.#deps;
    const proof = `${clientNetwork(address)} ${hashSecret(key)}`;
    if (!this.#proven.get(proof)) attempts.require(address);
    const found = keyring.find(key);
    if (found) this.#proven.set(proof, true);
    else if (attempts.waitMs(address) === 0) attempts.failed(address);
    return found?.operator;
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
  return OWN_KEYS.some((name) => headers[name] !== undefined);
}

function bearerOf({ headers }: Visitor): string | undefined {
  return BEARER.exec(String(headers['authorization'] ?? ''))?.[1];
}
