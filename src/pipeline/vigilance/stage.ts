import type { Call, Principal } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import type { Handler, Stage } from '../../core/stage.ts';
import type { BlockDirectory } from './block-directory.ts';
import type { Block } from './block.ts';
import type { SubjectKind } from './subject.ts';

export interface BlockDeps {
  readonly directory: BlockDirectory;
  readonly clock: Clock;
  /** A request was refused. */
  readonly onBlocked: (kind: SubjectKind) => void;
}

/** Before anything else is known of a call: why nothing is taken from its address, or undefined. */
export function addressRefusal(deps: BlockDeps, { clientIp }: Call): GatewayError | undefined {
  const block = deps.directory.size > 0 ? deps.directory.ofAddress(clientIp) : undefined;
  return block && refusal(block, deps);
}

/** When it is known who calls, and for whom: refuses keys, users and projects that are blocked. */
export function blockStage(deps: BlockDeps): Stage {
  return {
    name: 'block',
    run(call, next) {
      return deps.directory.size === 0 ? next(call) : unlessBlocked(deps, call, next);
    },
  };
}

async function unlessBlocked(deps: BlockDeps, call: Call, next: Handler): Promise<Reply> {
  const { principal } = call;
  const block = principal && (holderBlock(deps, principal) ?? userBlock(deps, call, principal));
  if (block) throw refusal(block, deps);
  return next(call);
}

/**
 * The same for requests that never become calls of the pipeline, such as the list of models.
 * @throws access_blocked, and what `identify` throws
 */
export function identifyUnblocked(deps: BlockDeps, call: Call, identify: (call: Call) => Principal): Principal {
  if (deps.directory.size === 0) return identify(call);
  const refused = addressRefusal(deps, call);
  if (refused) throw refused;
  const principal = identify(call);
  const block = holderBlock(deps, principal);
  if (block) throw refusal(block, deps);
  return principal;
}

/** On the key, its project, or the user whom it belongs to. */
function holderBlock({ directory }: BlockDeps, { keyId, project, user }: Principal): Block | undefined {
  const onUser = user !== undefined && directory.hasUsers ? directory.ofUser(user, project) : undefined;
  return directory.ofKey(keyId) ?? directory.ofProject(project) ?? onUser;
}

/** On the user whom the client names, where the key belongs to none. */
function userBlock({ directory }: BlockDeps, call: Call, principal: Principal): Block | undefined {
  if (principal.user !== undefined || !directory.hasUsers) return undefined;
  const { user } = call.facts;
  return user === undefined ? undefined : directory.ofUser(user, principal.project);
}

const WHAT: Record<SubjectKind, string> = {
  ip: 'The address',
  key: 'The key',
  user: 'The user',
  project: 'The project',
};

function refusal({ subject, expiresAt }: Block, { clock, onBlocked }: BlockDeps): GatewayError {
  onBlocked(subject.kind);
  const until = expiresAt ? ` until ${expiresAt.toISOString()}` : '';
  return new GatewayError('access_blocked', {
    message: `${WHAT[subject.kind]} ${subject.id} is blocked${until}. Ask the operator of this gateway why, and to lift it.`,
    ...(expiresAt && { retryAfterMs: Math.max(0, expiresAt.getTime() - clock.now()) }),
  });
}
