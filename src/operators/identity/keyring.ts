import type { Operator, SignedInBy } from '../../core/operator.ts';
import type { Identified, OperatorDirectory } from './operator-directory.ts';

/** The admin key, as far as operators are told by it. */
interface AdminKey {
  /** Compares in constant time. */
  check(key: string): boolean;
  /** Another one for another key; says nothing of the key. */
  readonly fingerprint: string;
}

/** Whoever holds the admin key. */
export const ADMIN: Operator = { name: 'admin key', role: 'admin', projects: undefined, by: 'admin-key' };

interface KeyringDeps {
  readonly adminKey: AdminKey;
  readonly directory: Pick<OperatorDirectory, 'find' | 'isLive'>;
  /** What sessions by single sign-on stand and fall with; undefined where there is none. */
  readonly signOnFingerprint: () => string | undefined;
}

/** Every key that opens the admin API, and whether what was opened with one still may be. */
export class Keyring {
  readonly #deps: KeyringDeps;

  constructor(deps: KeyringDeps) {
    this.#deps = deps;
  }

  find(key: string): Identified | undefined {
    const { adminKey, directory } = this.#deps;
    if (adminKey.check(key)) return { operator: ADMIN, credential: adminKey.fingerprint };
    return directory.find(key);
  }

  holds(by: SignedInBy, credential: string | null): boolean {
    const { adminKey, directory, signOnFingerprint } = this.#deps;
    if (credential === null) return false;
    if (by === 'operator-key') return directory.isLive(credential);
    return credential === (by === 'admin-key' ? adminKey.fingerprint : signOnFingerprint());
  }
}
