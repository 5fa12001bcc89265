import type { Operator } from './operator.ts';

/** Where a request came from, and what came with it, as far as it says who sends it. */
export interface Visitor {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The client's address, behind the proxies of the operator. */
  readonly address: string;
  /** Whether the client's connection is encrypted. */
  readonly isHttps: boolean;
}

/** A request to the admin API, before its body is read. */
export interface AdminRequest {
  readonly method: string;
  /** As it was registered, e.g. `/admin/v1/keys/:id`. */
  readonly route: string;
  readonly query: Readonly<Record<string, unknown>>;
}

/** What somebody may do who is let in. */
export interface Admission {
  /** In place of what was asked: holds them to their projects. */
  readonly query?: Readonly<Record<string, unknown>>;
  /** What they may see of the answer. @throws resource_not_found where that is nothing */
  readonly shown?: (answer: unknown) => unknown;
}

/** Something that was changed, or that somebody tried to change. */
export interface Change {
  readonly visitor: Visitor;
  /** Undefined where nobody knows who it was. */
  readonly operator: Operator | undefined;
  readonly route: string;
  /** Path and query. */
  readonly url: string;
  readonly status: number;
  /** As it was and as it is, as JSON texts; undefined where there is nothing to show. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const changed = new WeakSet<object>();

/** Says that a request changed something although its answer is an error. */
export function setChanged(request: object): void {
  changed.add(request);
}

export function wasChanged(request: object): boolean {
  return changed.has(request);
}

/** Who may operate the gateway; asked by the front door. */
export interface OperatorDoor {
  /**
   * Who sends a request: by a key, or by the cookie of a session.
   * @throws auth_missing_key, auth_invalid_key, auth_forbidden, limit_requests, storage_unavailable
   */
  identify(visitor: Visitor): Promise<Operator>;
  /** The same where clients may ask too, whose keys are none of an operator: undefined. */
  find(visitor: Visitor): Promise<Operator | undefined>;
  /** Whether somebody may ask for that. @throws auth_forbidden, request_invalid */
  admit(operator: Operator, request: AdminRequest): Admission;
  /** Whether what is asked for changes something, and so is written down. */
  isChange(method: string, route: string): boolean;
  /** Writes down what was changed. Resolves when it is written, or when it is said that it cannot be. */
  note(change: Change): Promise<void>;
}
