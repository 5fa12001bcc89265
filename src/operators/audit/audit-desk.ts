import type { Change, Visitor } from '../../core/admin-request.ts';
import type { Clock } from '../../core/clock.ts';
import { type Json, asString, isJsonObject } from '../../core/json.ts';
import type { Operator } from '../../core/operator.ts';
import { redactSecrets } from '../../core/redaction.ts';
import type { Events } from '../../records/events/event.ts';
import { storableText } from '../../storage/database/storable.ts';
import type { Attempts } from '../sign-in/attempts.ts';
import type { AuditEntry, AuditStore } from './audit-store.ts';
import { shownState } from './shown-state.ts';

export interface AuditDeps {
  readonly store: Pick<AuditStore, 'add'>;
  readonly clock: Clock;
  readonly events: Events;
  readonly log: { error(facts: object, message: string): void };
  /** Of what is refused only so much is written: whoever is refused can ask as often as they like. */
  readonly refusals: Pick<Attempts, 'waitMs' | 'failed'>;
}

/** Somebody who signs in or out, or does something by another way than the admin API. */
export interface Deed {
  readonly actor: string;
  readonly operator?: Operator | undefined;
  readonly address: string;
  readonly action: string;
  readonly subject: string;
  readonly status: number;
  readonly before?: Json;
  readonly after?: Json;
}

const PREFIX = '/admin/v1/';
const MOST_TEXT = 500;
const UNKNOWN = 'unknown';
const LOST = 'audit_failed';

/** Writes down who changed what. Nothing is undone because it could not be written, but operators are told. */
export class AuditDesk {
  readonly #deps: AuditDeps;
  #isFailing = false;

  constructor(deps: AuditDeps) {
    this.#deps = deps;
  }

  /** Never rejects. */
  async note({ visitor, operator, route, url, status, before, after }: Change): Promise<void> {
    if (isRefusal(status) && !this.#mayRefuse(visitor)) return;
    const states = { before: shownState(before, route), after: shownState(after, route) };
    await this.#write({
      ...this.#whoAndWhen(operator, visitor.address),
      action: `${visitor.method} ${route}`,
      subject: subjectOf(url, states.after),
      project: projectOf(states.after) ?? projectOf(states.before) ?? null,
      status,
      ...states,
    });
  }

  /** Never rejects. */
  async deed({ actor, operator, address, action, subject, status, before = null, after = null }: Deed): Promise<void> {
    const who = { ...this.#whoAndWhen(operator, address), actor: short(actor) };
    await this.#write({ ...who, action, subject: short(subject), project: null, status, before, after });
  }

  #whoAndWhen(operator: Operator | undefined, address: string) {
    return {
      at: new Date(this.#deps.clock.now()),
      actor: operator?.name ?? UNKNOWN,
      role: operator?.role ?? null,
      signedInBy: operator?.by ?? null,
      address: short(address),
    };
  }

  #mayRefuse({ address }: Visitor): boolean {
    const { refusals } = this.#deps;
    if (refusals.waitMs(address) > 0) return false;
    refusals.failed(address);
    return true;
  }

  async #write(entry: AuditEntry): Promise<void> {
    const { store, events, log } = this.#deps;
    try {
      await store.add(entry);
      if (this.#isFailing) events.resolve(LOST);
      this.#isFailing = false;
    } catch (err) {
      this.#isFailing = true;
      const { actor, address, action, subject, status } = entry;
      const facts = { actor, address, action, subject, status };
      log.error({ err, ...facts }, 'the audit log could not be written; what it would have said is here');
      events.raise({ kind: 'audit_failed', severity: 'critical', subject: 'audit', dedupe: LOST, evidence: facts });
    }
  }
}

function isRefusal(status: number): boolean {
  return status === 401 || status === 403;
}

/** Where a thing was made, its id is known from the answer. */
function subjectOf(url: string, after: Json): string {
  const subject = decoded(url.startsWith(PREFIX) ? url.slice(PREFIX.length) : url);
  const id = isJsonObject(after) ? asString(after['id']) : undefined;
  const isUnder = id === undefined || subject.includes('/') || subject.includes('?');
  return short(redactSecrets(isUnder ? subject : `${subject}/${id}`));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function projectOf(state: Json): string | undefined {
  return isJsonObject(state) ? asString(state['project']) : undefined;
}

function short(text: string): string {
  return storableText(text).slice(0, MOST_TEXT).toWellFormed();
}
