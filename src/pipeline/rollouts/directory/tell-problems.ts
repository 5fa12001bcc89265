import { isJsonObject } from '../../../core/json.ts';
import { ROLLOUT_KINDS, type Rollout } from '../definition.ts';
import type { RolloutDirectory } from './rollout-directory.ts';

interface ProblemLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/**
 * Says once what is not in force although it is enabled, and why, also where nobody touched it: a reload or something
 * else that is tried may put it out of force. It says as well when that is over.
 */
export function tellProblems(directory: Pick<RolloutDirectory, 'list' | 'watch'>, log: ProblemLog): void {
  let known: ReadonlyMap<string, string> = new Map();
  directory.watch(() => {
    const found = new Map<string, string>();
    for (const one of ROLLOUT_KINDS.flatMap((kind): readonly Rollout[] => directory.list(kind))) {
      const { kind, id, problem } = one;
      const name = `${kind}:${id}`;
      const before = known.get(name);
      if (problem === undefined || !isMeant(one)) {
        if (before !== undefined && isMeant(one)) log.info({ kind, id }, 'what kept this from being in force is over');
        continue;
      }
      found.set(name, problem);
      if (before !== problem) log.warn({ kind, id, problem }, 'this is enabled and not in force');
    }
    known = found;
  });
}

/** Of one that cannot be read any more only what was sent tells. */
function isMeant({ definition, written }: Rollout): boolean {
  return definition?.enabled ?? !(isJsonObject(written) && written['enabled'] === false);
}
