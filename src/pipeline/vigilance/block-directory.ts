import type { Clock } from '../../core/clock.ts';
import { clientNetwork } from '../../core/network-address.ts';
import type { FollowedState, Revisions } from '../../storage/revisions/revision-follower.ts';
import { type Block, type BlockStore, blocksOfJson, jsonOfBlocks } from './block.ts';
import { type Subject, type SubjectKind, subjectName } from './subject.ts';

/** The blocks in force, in memory: the request path asks it and never the database. */
export class BlockDirectory {
  readonly #clock: Clock;
  readonly #followed: FollowedState;
  #revisions: Revisions | undefined;
  /** In force here, and not yet in the database. */
  readonly #held = new Map<string, Block>();
  #stored: readonly Block[] = [];
  #bySubject: ReadonlyMap<string, Block> = new Map();
  #kinds: ReadonlySet<SubjectKind> = new Set();

  constructor(store: Pick<BlockStore, 'live'>, clock: Clock) {
    this.#clock = clock;
    this.#followed = {
      subject: 'blocks',
      refresh: async () => this.#replace(await store.live()),
      kept: {
        save: () => jsonOfBlocks(this.#stored),
        load: (kept) => this.#replace(blocksOfJson(kept)),
      },
    };
  }

  /** From now on changes are in force here within a second. */
  async start(revisions: Revisions): Promise<void> {
    this.#revisions = revisions;
    await revisions.follow(this.#followed);
  }

  /** Sees a change at once, after one was made in this process. */
  async refresh(): Promise<void> {
    await this.#revisions?.refresh();
  }

  /** How many there are; some may be over by now. */
  get size(): number {
    return this.#bySubject.size;
  }

  /** Puts one in force here before it is stored. */
  hold(block: Block): void {
    this.#held.set(block.id, block);
    this.#index();
  }

  /** It is stored, or never will be. */
  release(block: Block): void {
    if (this.#held.delete(block.id)) this.#index();
  }

  /** The block on this address, or on its network. */
  ofAddress(address: string): Block | undefined {
    return this.#kinds.has('ip') ? this.#find({ kind: 'ip', id: clientNetwork(address) }) : undefined;
  }

  ofKey(id: string): Block | undefined {
    return this.#kinds.has('key') ? this.#find({ kind: 'key', id }) : undefined;
  }

  ofProject(id: string): Block | undefined {
    return this.#kinds.has('project') ? this.#find({ kind: 'project', id }) : undefined;
  }

  /** The block on this user of the project, or on all of that name. */
  ofUser(id: string, project: string): Block | undefined {
    return this.#find({ kind: 'user', id, project }) ?? this.#find({ kind: 'user', id });
  }

  /** Whether any user is blocked: who it is costs a look into the body. */
  get hasUsers(): boolean {
    return this.#kinds.has('user');
  }

  #find(subject: Subject): Block | undefined {
    const block = this.#bySubject.get(subjectName(subject));
    if (!block) return undefined;
    const { expiresAt } = block;
    return expiresAt === undefined || expiresAt.getTime() > this.#clock.now() ? block : undefined;
  }

  #replace(stored: readonly Block[]): void {
    this.#stored = stored;
    this.#index();
  }

  #index(): void {
    const all = [...this.#stored, ...this.#held.values()];
    this.#bySubject = new Map(all.map((block) => [subjectName(block.subject), block]));
    this.#kinds = new Set(all.map(({ subject }) => subject.kind));
  }
}
