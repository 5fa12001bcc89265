import type { Config, Environment } from '../../config/config.ts';
import { unsealedReviews } from '../../pipeline/guards/checks/needs-review.ts';
import { type Finding, fail, ok } from './check.ts';

/** Whether policies can do what they say. */
export function guards(config: Pick<Config, 'guards'>, env: Environment): Finding {
  const names = unsealedReviews(config.guards, env);
  const count = `${config.guards.size} ${config.guards.size === 1 ? 'policy' : 'policies'}`;
  if (names.length === 0) return ok(count);
  return fail(
    `${count}; without CAUSEWAY_MASTER_KEY nothing can wait for approval, which is wanted by: ${names.join(', ')}`,
    'Set CAUSEWAY_MASTER_KEY (openssl rand -base64 32): until then such requests are refused.',
  );
}
