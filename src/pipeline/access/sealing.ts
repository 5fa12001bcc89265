import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, scryptSync } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MIN_PASSPHRASE = 16;

interface MasterKey {
  /** Tells which master key opens a box, without telling the key. */
  readonly id: string;
  readonly key: Buffer;
}

/** A master key is 32 bytes in base64 or hex, or else a passphrase of at least 16 characters (stretched by scrypt). */
function masterKey(text: string): MasterKey {
  const key = rawKey(text) ?? stretched(text);
  const id = createHash('sha256').update(Buffer.from(hkdfSync('sha256', key, '', 'causeway key id', 16)));
  return { id: id.digest('hex').slice(0, 8), key };
}

function rawKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[\w+/-]{43}=?$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES ? key : undefined;
}

function stretched(text: string): Buffer {
  if (text.length < MIN_PASSPHRASE) {
    throw new RangeError(
      'CAUSEWAY_MASTER_KEY is too short: use 32 random bytes (openssl rand -base64 32), or a passphrase of at least 16 characters.',
    );
  }
  return scryptSync(text, 'causeway master key', KEY_BYTES);
}

/** Thrown where no known master key opens a box, or it was changed. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/**
 * Seals secrets with AES-256-GCM. A box is `v1.<key id>.<nonce, ciphertext and tag in base64url>`, bound to its
 * place (`context`), so that a box copied to another row does not open.
 * @see https://csrc.nist.gov/pubs/sp/800/38/d/final
 */
export class Sealer {
  readonly #current: MasterKey;
  readonly #known: ReadonlyMap<string, MasterKey>;

  /** @throws RangeError where a key is too short */
  constructor(current: string, previous: readonly string[] = []) {
    this.#current = masterKey(current);
    this.#known = new Map([...previous.map(masterKey), this.#current].map((key) => [key.id, key]));
  }

  seal(secret: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#current.key, nonce).setAAD(Buffer.from(context));
    const box = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.#current.id}.${box.toString('base64url')}`;
  }

  /** @throws SealError */
  open(sealed: string, context: string): string {
    const [version, id, text] = sealed.split('.');
    const known = version === 'v1' && id !== undefined ? this.#known.get(id) : undefined;
    if (!known || text === undefined) {
      throw new SealError('sealed under a master key that is not set; add it to CAUSEWAY_MASTER_KEY_PREVIOUS');
    }
    const box = Buffer.from(text, 'base64url');
    if (box.length < NONCE_BYTES + TAG_BYTES) throw new SealError('what was sealed is not whole');
    const decipher = createDecipheriv(ALGORITHM, known.key, box.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(context))
      .setAuthTag(box.subarray(-TAG_BYTES));
    try {
      const opened = [decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    } catch (cause) {
      throw new SealError('what was sealed was changed, or stood in another place', { cause });
    }
  }

  /** Whether a box is under the current master key. */
  isCurrent(sealed: string): boolean {
    return sealed.split('.')[1] === this.#current.id;
  }
}

/** The sealer of the environment's keys; undefined where `CAUSEWAY_MASTER_KEY` is not set. @throws RangeError */
export function sealerOf(env: Readonly<Record<string, string | undefined>>): Sealer | undefined {
  const current = env['CAUSEWAY_MASTER_KEY'];
  if (current === undefined || current === '') return undefined;
  const previous = (env['CAUSEWAY_MASTER_KEY_PREVIOUS'] ?? '').split(',').map((key) => key.trim());
  return new Sealer(
    current,
    previous.filter((key) => key !== ''),
  );
}
