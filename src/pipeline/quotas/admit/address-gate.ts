import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { GatewayError } from '../../../core/errors.ts';
import { clientNetwork } from '../../../core/network-address.ts';
import { MemoryLedger } from '../ledger/memory-ledger.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { rateHeaders } from './rate-headers.ts';
import { limitExceeded } from './refusals.ts';

/**
 * Counts requests per address before anything else is done for them, in this process alone: what comes no further, for
 * want of a key, costs no other replica anything. Where replicas share their counters, requests that do come further
 * are counted there as well.
 */
export class AddressGate {
  readonly #clock: Clock;
  readonly #ledger: MemoryLedger;
  readonly #rules: () => RuleBook;

  constructor(rules: () => RuleBook, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    this.#ledger = new MemoryLedger(clock, { most: 100_000 });
  }

  /** Why a request does not get in; undefined where it does, and is counted. */
  refuse(call: Call): GatewayError | undefined {
    for (const rule of this.#rules().addressLimits) {
      const subject = rule.subject({ ...NOBODY, ip: clientNetwork(call.clientIp) });
      if (subject === undefined) continue;
      const verdict = this.#ledger.admit([rule.claim(subject, 1)]);
      if (verdict.admitted) continue;
      const headers = rateHeaders(call.dialect, [rule], verdict.states, this.#clock.now());
      return limitExceeded(rule, verdict.retryAfterMs, headers);
    }
    return undefined;
  }
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
