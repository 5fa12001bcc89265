import { GatewayError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import type { DefinitionOf, ReadDefinition, Rollout, RolloutKind } from './definition.ts';
import { occupantOf, occupiedText } from './directory/problems.ts';
import { type RolloutDirectory, problemsText } from './directory/rollout-directory.ts';
import { notFound } from './not-found.ts';
import type { RolloutStore } from './rollout-store.ts';

export interface DeskDeps {
  readonly directory: Pick<RolloutDirectory, 'list' | 'find' | 'stateOf'>;
  readonly store: Pick<RolloutStore, 'put' | 'delete'>;
  readonly read: ReadDefinition;
  /** Brings what was changed into force. */
  readonly refresh: () => Promise<void>;
}

/** Of each kind. All are in memory, and looked at when one of them changes. */
const MOST = 1000;

/** Where flags, experiments, canaries, shadows and routes are made and taken away. */
export class DefinitionDesk {
  readonly #deps: DeskDeps;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  /**
   * Makes one, or replaces it; in force here when it resolves.
   * @throws request_invalid with everything that is wrong, storage_unavailable
   */
  async put<Kind extends RolloutKind>(kind: Kind, id: string, body: unknown): Promise<Rollout<Kind>> {
    const { directory, store, refresh } = this.#deps;
    const known = directory.find(kind, id);
    refuseOfFile(known, 'Change');
    if (!isJsonObject(body)) throw refusal('the body must be a JSON object, as it would stand in causeway.yaml');
    const definition = this.read(kind, id, body);
    this.#refuseSecond(kind, id, definition);
    if (!known && directory.list(kind).length >= MOST) throw refusal(`there are ${MOST} already, and no more can be`);
    await store.put(kind, id, body);
    await refresh();
    const made = directory.find(kind, id);
    if (!made) throw notFound(kind, id);
    return made;
  }

  /** A definition as it would be, which is not kept. @throws request_invalid with everything that is wrong */
  read<Kind extends RolloutKind>(kind: Kind, id: string, body: unknown): DefinitionOf[Kind] {
    const { definition, problems } = { problems: [], ...this.#deps.read(kind, id, body) };
    if (!definition) throw refusal(problemsText(problems), problems[0]?.key);
    return definition;
  }

  /** @throws request_invalid where it stands in the configuration file, resource_not_found, storage_unavailable */
  async remove(kind: RolloutKind, id: string): Promise<void> {
    const { directory, store, refresh } = this.#deps;
    const known = directory.find(kind, id);
    refuseOfFile(known, 'Remove');
    // One that another replica has just made is not known here yet.
    if (!(await store.delete(kind, id))) throw notFound(kind, id);
    await refresh();
  }

  /** A model has one experiment or canary at a time. */
  #refuseSecond<Kind extends RolloutKind>(kind: Kind, id: string, { model, enabled }: DefinitionOf[Kind]): void {
    if (!enabled || (kind !== 'experiment' && kind !== 'canary')) return;
    const other = occupantOf(this.#deps.directory, { kind, id }, model);
    if (other) throw refusal(occupiedText(other, model), 'model');
  }
}

function refuseOfFile(known: Pick<Rollout, 'kind' | 'id' | 'origin'> | undefined, verb: string): void {
  if (known?.origin !== 'file') return;
  const message = `The ${known.kind} "${known.id}" stands in the configuration file. ${verb} it there; the file is read again at once.`;
  throw new GatewayError('request_invalid', { message, param: 'id' });
}

function refusal(fault: string, param = ''): GatewayError {
  const message = `The definition is not right: ${fault}.`;
  return new GatewayError('request_invalid', { message, ...(param !== '' && { param }) });
}
