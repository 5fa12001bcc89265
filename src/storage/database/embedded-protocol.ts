import type { ProcessIdentity } from './process-identity.ts';
import type { LockHolder } from './folder-lock.ts';

/** What the engine's process is started with, as JSON in its first argument. */
export interface EngineTask {
  /** PostgreSQL's own folder; made by the first start. */
  readonly folder: string;
  readonly lockPath: string;
  readonly socketFolder: string;
  readonly owner: ProcessIdentity;
  /** How often the engine says that it lives, milliseconds. */
  readonly signOfLifeMs: number;
}

/** The last thing that the engine's process tells its owner: it ends. */
export type FinalReport =
  /** The folder was made. Making it costs hundreds of megabytes that only a new process gives back. */
  | { readonly kind: 'initialised' }
  | { readonly kind: 'held'; readonly holder: LockHolder }
  | { readonly kind: 'failed'; readonly message: string };

/** What the engine's process tells its owner. */
export type EngineReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'alive' }
  | { readonly kind: 'upkeep_failed'; readonly message: string }
  | FinalReport;

/** The one thing that the owner tells the engine: end in good order. */
export const CLOSE = 'close';
