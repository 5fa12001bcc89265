import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { GatewayError } from '../../../core/errors.ts';
import { GenerationalMap } from '../../../core/generational-map.ts';
import { clientNetwork } from '../../../core/network-address.ts';
import type { RateClaim } from '../ledger/ledger.ts';
import { MemoryLedger } from '../ledger/memory-ledger.ts';
import type { LimitRule } from '../rules/limit-rules.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { rateHeaders } from './rate-headers.ts';
import { limitExceeded } from './refusals.ts';

/** What an address is counted by. */
interface Counted {
  readonly rule: LimitRule;
  readonly claim: RateClaim;
}

/** Addresses that come again and again. */
const MOST_REMEMBERED = 2000;

/**
 * Counts requests per address before anything else is done for them, in this process alone: what comes no further, for
 * want of a key, costs no other replica anything. Where replicas share their counters, requests that do come further
 * are counted there as well.
 */
export class AddressGate {
  readonly #clock: Clock;
  readonly #ledger: MemoryLedger;
  readonly #rules: () => RuleBook;
  /** By address, of the book that was in force last. */
  #counted = new GenerationalMap<readonly Counted[]>(MOST_REMEMBERED);
  #book: RuleBook | undefined;

  constructor(rules: () => RuleBook, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    this.#ledger = new MemoryLedger(clock, { most: 100_000 });
  }

  /** Why a request does not get in; undefined where it does, and is counted. */
  refuse(call: Call): GatewayError | undefined {
    const book = this.#rules();
    if (book.addressLimits.length === 0) return undefined;
    const counted = this.#countedFor(call.clientIp, book);
    for (let at = 0; at < counted.length; at += 1) {
      const { rule, claim } = counted[at] as Counted;
      if (this.#ledger.takes(claim)) continue;
      const verdict = this.#ledger.admit([claim]);
      // There was none a moment ago.
      if (verdict.admitted) continue;
      const headers = rateHeaders(call.dialect, [rule], verdict.states, this.#clock.now());
      return limitExceeded(rule, verdict.retryAfterMs, headers);
    }
    return undefined;
  }

  #countedFor(address: string, book: RuleBook): readonly Counted[] {
    if (book !== this.#book) {
      this.#book = book;
      this.#counted = new GenerationalMap(MOST_REMEMBERED);
    }
    let counted = this.#counted.get(address);
    if (!counted) {
      counted = countedBy(book.addressLimits, address);
      this.#counted.set(address, counted);
    }
    return counted;
  }
}

function countedBy(rules: readonly LimitRule[], address: string): readonly Counted[] {
  const subjects = { ...NOBODY, ip: clientNetwork(address) };
  return rules.flatMap((rule) => {
    const subject = rule.subject(subjects);
    const claim = subject === undefined ? undefined : rule.claim(subject, 1);
    return claim?.kind === 'rate' ? [{ rule, claim }] : [];
  });
}

const NOBODY = {
  ip: undefined,
  organisation: undefined,
  project: undefined,
  key: undefined,
  user: undefined,
  userName: undefined,
  endpoint: undefined,
  model: undefined,
};
