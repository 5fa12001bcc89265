import { createHash } from 'node:crypto';

/** A script that Redis runs in one step, with the name under which it keeps it. */
export interface LuaScript {
  readonly source: string;
  /** SHA-1 of the source, as EVALSHA asks for it. */
  readonly sha: string;
}

export function luaScript(source: string): LuaScript {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
