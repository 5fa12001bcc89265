/** What a server says of itself, as far as it matters here. */
export interface ServerInfo {
  /** Another one after every start and every failover; 'unknown' where the server does not tell. */
  readonly runId: string;
  readonly isLoading: boolean;
  /** Why it cannot be used; undefined where it can. */
  readonly unfit: string | undefined;
  /** What its operator should know, though it can be used. */
  readonly warning: string | undefined;
}

const LEAST_MAJOR = 6;
const LEAST_MINOR = 2;

/**
 * Reads the answer to INFO. Where the server does not allow it, nothing is known, and it is taken as fit.
 * @see https://redis.io/docs/latest/commands/info/
 */
export function readServerInfo(text: string): ServerInfo {
  const fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return {
    runId: fields.get('run_id') ?? 'unknown',
    isLoading: fields.get('loading') === '1',
    unfit: unfitness(fields),
    warning: evictionWarning(fields),
  };
}

function unfitness(fields: ReadonlyMap<string, string>): string | undefined {
  const version = fields.get('redis_version');
  if (version !== undefined) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major < LEAST_MAJOR || (major === LEAST_MAJOR && minor < LEAST_MINOR)) {
      return `the server is Redis ${version}, and ${LEAST_MAJOR}.${LEAST_MINOR} or later is needed`;
    }
  }
  const role = fields.get('role');
  return role === 'slave' ? 'the server is a read-only replica; REDIS_URL has to name the primary' : undefined;
}

/** A counter that is thrown away for want of memory is a limit or a budget that begins anew. */
function evictionWarning(fields: ReadonlyMap<string, string>): string | undefined {
  const policy = fields.get('maxmemory_policy') ?? 'noeviction';
  if (policy === 'noeviction' || (fields.get('maxmemory') ?? '0') === '0') return undefined;
  return `maxmemory-policy is ${policy}, so counters may be thrown away; set it to noeviction`;
}
