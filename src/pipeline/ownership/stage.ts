import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import type { Stage } from '../../core/stage.ts';
import { madeIn, watchMade, type Made } from './harvest.ts';
import { answerResource } from './resources.ts';
import { type OwnershipDeps, notThere, ownerOf } from './ownership.ts';
import { MOST_REFERENCES, type Reference, referencesIn } from './references.ts';

/**
 * What a project makes at a provider is its own: others can neither name it in a request, nor read, list, change or
 * delete it, and requests that name it go where it is kept.
 */
export function ownStage(deps: OwnershipDeps): Stage {
  return {
    name: 'own',
    async run(call, next) {
      if (call.resource) return answerResource(deps, call, call.resource, next);
      const references = referencesIn(call.body);
      if (references.length > 0) await requireOwned(deps, call, references);
      const reply = await next(call);
      return mayMake(call) ? keepMade(deps, call, reply) : reply;
    },
  };
}

/** Leaves the call only those targets that keep what it names. @throws resource_not_found, request_invalid */
export async function requireOwned(deps: OwnershipDeps, call: Call, references: readonly Reference[]): Promise<void> {
  if (references.length > MOST_REFERENCES) {
    throw new GatewayError('request_invalid', { message: `The request names more than ${MOST_REFERENCES} ids.` });
  }
  const { project } = ownerOf(call);
  const owned = await deps.owners.ownedBy(
    project,
    references.map(({ id }) => id),
  );
  const { assignment } = call;
  if (!assignment) throw new GatewayError('internal', { cause: new Error('no target was assigned') });
  const targets = assignment.targets.filter(({ provider }) =>
    references.every(({ id }) => isAt(provider, id, owned) || deps.isShared(provider, id)),
  );
  if (targets.length > 0) {
    call.assignment = { ...assignment, targets };
    return;
  }
  throw whyNowhere(deps, call, references, owned);
}

type Owned = readonly { readonly id: string; readonly provider: string }[];

function isAt(provider: string, id: string, owned: Owned): boolean {
  return owned.some((one) => one.id === id && one.provider === provider);
}

/** One that is nobody's, or another's, is not there; one that is kept elsewhere needs a model of there. */
function whyNowhere(
  deps: OwnershipDeps,
  { assignment }: Call,
  references: readonly Reference[],
  owned: Owned,
): GatewayError {
  const [target] = assignment?.targets ?? [];
  const provider = target?.provider ?? '';
  const missing = references.find(({ id }) => !owned.some((one) => one.id === id) && !deps.isShared(provider, id));
  if (missing) return notThere(missing.id, missing.field);
  const far = references.find(({ id }) => !isAt(provider, id, owned) && !deps.isShared(provider, id));
  const keeper = owned.find(({ id }) => id === far?.id)?.provider ?? provider;
  return new GatewayError('request_invalid', {
    message: `"${far?.id ?? ''}" is kept by the provider "${keeper}". Ask for a model of that provider.`,
    param: far?.field ?? 'model',
  });
}

/** Answers that leave something behind at the provider: stored responses, and containers in which code ran. */
function mayMake(call: Call): boolean {
  if (call.operation !== 'chat') return false;
  if (call.dialect === 'responses') return call.body.json['store'] !== false || call.body.raw.includes('code_');
  return (
    call.dialect === 'anthropic' && (call.body.raw.includes('code_execution') || call.body.raw.includes('container'))
  );
}

async function keepMade(deps: OwnershipDeps, call: Call, reply: Reply): Promise<Reply> {
  const [target] = call.assignment?.targets ?? [];
  if (!target) return reply;
  const { project, keyId } = ownerOf(call);
  const keep = (made: readonly Made[]): Promise<void> =>
    deps.owners.add(made.map((one) => ({ ...one, project, keyId, provider: target.provider })));
  if (reply.kind === 'whole') {
    const made = madeIn(reply.body, new Set());
    if (made.length > 0) await deps.safely(call, keep(made));
  } else if (reply.kind === 'stream' && !reply.translated) {
    watchMade(reply.stream, (made) => void deps.safely(call, keep(made)));
  }
  return reply;
}
