import type { Json } from '../../../core/json.ts';
import type { FollowedState } from '../../../storage/revisions/revision-follower.ts';
import type { FileRollouts, ReadDefinition, Rollout, RolloutKind } from '../definition.ts';
import type { RolloutRow, RolloutStore } from '../rollout-store.ts';
import { keptRows, rowsOfKept } from './kept-rows.ts';
import { withProblems } from './problems.ts';

export interface DirectoryDeps {
  readonly store: Pick<RolloutStore, 'list'>;
  readonly read: ReadDefinition;
}

const NOTHING: FileRollouts = { flags: new Map(), experiments: new Map(), canaries: new Map(), shadows: new Map() };

/** All flags, experiments, canaries and shadows there are, in memory: the request path asks it and never the database. */
export class RolloutDirectory {
  /** For whoever follows the revisions of the database. */
  readonly state: FollowedState;
  readonly #deps: DirectoryDeps;
  readonly #watchers: (() => void)[] = [];
  /** What stored definitions say, as long as neither they nor the configuration change: states change often. */
  readonly #read = new Map<string, { readonly text: string; readonly read: Pick<Rollout, 'definition' | 'problem'> }>();
  /** In force here, and not yet in the database. */
  readonly #held = new Map<string, Json>();
  #file: FileRollouts = NOTHING;
  #rows: readonly RolloutRow[] = [];
  #all: ReadonlyMap<string, Rollout> = new Map();

  constructor(deps: DirectoryDeps) {
    this.#deps = deps;
    this.state = {
      subject: 'rollouts',
      refresh: async () => this.#setRows(await deps.store.list()),
      kept: { save: () => keptRows(this.#rows), load: (kept) => this.#setRows(rowsOfKept(kept)) },
    };
  }

  /** Calls now, and after each change of what is tried. */
  watch(watcher: () => void): void {
    this.#watchers.push(watcher);
    watcher();
  }

  /** The configuration was read again; models may be others. */
  setFile(file: FileRollouts): void {
    this.#file = file;
    this.#read.clear();
    this.#join();
  }

  /** By their names. */
  list<Kind extends RolloutKind>(kind: Kind): readonly Rollout<Kind>[] {
    const own = [...this.#all.values()].filter((one): one is Rollout<Kind> => one.kind === kind);
    return own.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  find<Kind extends RolloutKind>(kind: Kind, id: string): Rollout<Kind> | undefined {
    return this.#all.get(nameOf(kind, id)) as Rollout<Kind> | undefined;
  }

  /** Its state as it is in force here. */
  stateOf({ kind, id, state }: Pick<Rollout, 'kind' | 'id' | 'state'>): Json | null {
    return this.#held.get(nameOf(kind, id)) ?? state;
  }

  /** Puts a state in force here before it is stored. */
  hold(kind: RolloutKind, id: string, state: Json): void {
    this.#held.set(nameOf(kind, id), state);
    this.#join();
  }

  /** It is stored, or never will be. */
  release(kind: RolloutKind, id: string): void {
    if (this.#held.delete(nameOf(kind, id))) this.#join();
  }

  #setRows(rows: readonly RolloutRow[]): void {
    this.#rows = rows;
    this.#join();
  }

  #join(): void {
    const stored = new Map(this.#rows.map((row) => [nameOf(row.kind, row.id), row]));
    const ofFile = [...this.#ofFile(stored)];
    const names = new Set(ofFile.map(({ kind, id }) => nameOf(kind, id)));
    const ofAdmin = this.#rows.flatMap((row) =>
      row.definition === null || names.has(nameOf(row.kind, row.id)) ? [] : [this.#ofAdmin(row)],
    );
    const all = withProblems([...ofFile, ...ofAdmin], (one) => this.stateOf(one));
    this.#all = new Map(all.map((one) => [nameOf(one.kind, one.id), one]));
    for (const watcher of this.#watchers) watcher();
  }

  *#ofFile(stored: ReadonlyMap<string, RolloutRow>): Iterable<Rollout> {
    const { flags, experiments, canaries, shadows } = this.#file;
    for (const [kind, named] of [
      ['flag', flags],
      ['experiment', experiments],
      ['canary', canaries],
      ['shadow', shadows],
    ] as const) {
      for (const [id, definition] of named) {
        const row = stored.get(nameOf(kind, id));
        yield {
          kind,
          id,
          origin: 'file',
          definition,
          written: undefined,
          problem: undefined,
          state: row?.state ?? null,
          stateVersion: row?.stateVersion ?? 0,
          createdAt: undefined,
          updatedAt: row?.updatedAt,
        };
      }
    }
  }

  #ofAdmin({ kind, id, definition: written, state, stateVersion, createdAt, updatedAt }: RolloutRow): Rollout {
    const read = this.#definitionOf(kind, id, written);
    return { kind, id, origin: 'admin', ...read, written: written ?? {}, state, stateVersion, createdAt, updatedAt };
  }

  #definitionOf(kind: RolloutKind, id: string, written: Json | null): Pick<Rollout, 'definition' | 'problem'> {
    const name = nameOf(kind, id);
    const text = JSON.stringify(written);
    const known = this.#read.get(name);
    if (known?.text === text) return known.read;
    const found = this.#deps.read(kind, id, written);
    const read: Pick<Rollout, 'definition' | 'problem'> = found.definition
      ? { definition: found.definition, problem: undefined }
      : { definition: undefined, problem: `it cannot be read any more: ${problemsText(found.problems)}` };
    this.#read.set(name, { text, read });
    return read;
  }
}

function nameOf(kind: RolloutKind, id: string): string {
  return `${kind}:${id}`;
}

/** For people: each with the key at which it stands. */
export function problemsText(problems: readonly { readonly key: string; readonly message: string }[]): string {
  return problems.map(({ key, message }) => (key === '' ? message : `${key}: ${message}`)).join('; ');
}
