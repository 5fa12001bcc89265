import type { Call, Target } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { responseOfItem } from '../../core/inference/response-ids.ts';
import { parseJson, isJsonObject } from '../../core/json.ts';
import type { Reply } from '../../core/reply.ts';
import type { Handler, Stage } from '../../core/stage.ts';
import { Harvest, type Made, watchMade } from './harvest.ts';
import { type OwnershipDeps, notThere, ownerOf } from './ownership.ts';
import { MOST_REFERENCES, type Reference, itemReferencesIn, referencesIn, rejectDoubledKeys } from './references.ts';
import type { OwnedResource } from './resource-store.ts';
import { answerResource } from './resources.ts';

/**
 * What a project makes at a provider is its own: others can neither name it in a request, nor read, list, change or
 * delete it, and requests that name it go where it is kept.
 */
export function ownStage(deps: OwnershipDeps): Stage {
  return {
    name: 'own',
    run(call, next) {
      try {
        if (call.resource) return answerResource(deps, call, call.resource, next);
        const references = namedIn(call);
        const makes = mayMake(call);
        call.keeps = references.length > 0 || makes;
        return call.keeps ? passOwned(deps, call, next, references, makes) : next(call);
      } catch (thrown) {
        return Promise.reject(thrown);
      }
    },
  };
}

async function passOwned(
  deps: OwnershipDeps,
  call: Call,
  next: Handler,
  references: readonly Reference[],
  makes: boolean,
): Promise<Reply> {
  if (references.length > 0) await requireOwned(deps, call, references);
  const reply = await next(call);
  return makes ? keepMade(deps, call, reply) : reply;
}

function namedIn(call: Call): readonly Reference[] {
  const references = referencesIn(call.body);
  if (call.dialect !== 'responses') return references;
  const { body } = call;
  // Of an item that has two ids a provider may read the other one.
  if (Array.isArray(body.resolved['input']) && !body.shape.isClear) rejectDoubledKeys(body.raw);
  return [...references, ...keptItemsIn(call)];
}

/** Items of the conversation that the provider keeps; those that were made here are no provider's. */
function keptItemsIn({ body }: Call): Reference[] {
  return itemReferencesIn(body.resolved).filter(({ id }) => responseOfItem(id) === undefined);
}

/** Leaves the call only those targets that keep what it names. @throws resource_not_found, request_invalid */
async function requireOwned(deps: OwnershipDeps, call: Call, references: readonly Reference[]): Promise<void> {
  if (references.length > MOST_REFERENCES) {
    throw new GatewayError('request_invalid', { message: `The request names more than ${MOST_REFERENCES} ids.` });
  }
  const { assignment } = call;
  if (!assignment) throw new GatewayError('internal', { cause: new Error('no target was assigned') });
  const relevant = ({ provider }: Target): readonly Reference[] =>
    isRelayed(deps, call, provider) ? references : references.filter((one) => !isOfConversation(one));
  if (assignment.targets.every((target) => relevant(target).length === 0)) return;
  const { project } = ownerOf(call);
  const owned = await deps.owners.ownedBy(
    project,
    references.map(({ id }) => id),
  );
  const targets = assignment.targets.filter((target) =>
    relevant(target).every(({ id }) => isAt(target.provider, id, owned) || deps.isShared(target.provider, id)),
  );
  if (targets.length > 0) {
    call.assignment = { ...assignment, targets };
    return;
  }
  throw whyNowhere(deps, call, references, owned);
}

/** It means something only to who speaks the client's dialect; others are sent the conversation itself, or refuse. */
function isOfConversation({ field }: Reference): boolean {
  return field === 'previous_message_id' || field.startsWith('input[');
}

function isRelayed(deps: OwnershipDeps, { dialect, operation }: Call, provider: string): boolean {
  return deps.catalog().provider(provider).wire(dialect, operation)?.dialect === dialect;
}

type Owned = readonly Pick<OwnedResource, 'id' | 'provider'>[];

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

/** Answers that leave something behind at the provider: what was said, and containers and files of code that ran. */
function mayMake({ operation, dialect, body }: Call): boolean {
  if (operation !== 'chat') return false;
  if (dialect === 'responses') return body.json['store'] !== false || body.names('code_');
  if (dialect === 'openai') return body.shape.saysAudio;
  if (dialect !== 'anthropic') return false;
  if (body.raw.length > SHORT_BYTES) return LEAVE_SOMETHING.some((sign) => body.names(sign));
  const text = body.raw.toString('latin1');
  return LEAVE_SOMETHING.some((sign) => text.includes(sign));
}

/** Asking a short text is cheaper than asking bytes, and making a long one of bytes dearer. */
const SHORT_BYTES = 16 * 1024;

/** In the bodies of messages whose answers leave something behind, besides text that only looks so. */
const LEAVE_SOMETHING = ['code_execution', 'container', '"thread"', '"diagnostics"'] as const;

async function keepMade(deps: OwnershipDeps, call: Call, reply: Reply): Promise<Reply> {
  const target = call.answeredBy;
  if (!target) return reply;
  const { project, keyId } = ownerOf(call);
  const keep = (made: readonly Made[]): Promise<void> =>
    deps.owners.add(made.map((one) => ({ ...one, project, keyId, provider: target.provider })));
  if (reply.kind === 'whole') {
    const said = parseJson(Buffer.from(reply.body).toString('utf8'));
    const made = isJsonObject(said) ? new Harvest().in(said) : [];
    if (made.length > 0) await deps.safely(call, keep(made));
  } else if (reply.kind === 'stream' && !reply.translated) {
    watchMade(reply.stream, (made) => void deps.safely(call, keep(made)));
  }
  return reply;
}
