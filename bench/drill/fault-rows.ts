import type { SimulatedModelSettings } from '../../src/models/simulator/settings.ts';
import type { VirtualModel } from './virtual-models.ts';

/** What has to hold of a row: the targets that it is held to. */
type Holds =
  /** One of two targets fails: clients see next to nothing of it. */
  | 'saved'
  /** An answer that has begun cannot be saved, but none is read as whole, and once the breaker is open all is well. */
  | 'honest'
  /** Nobody can answer: little is asked for in vain. */
  | 'all down'
  /** The only target says when to come back, and is obeyed. */
  | 'obeyed';

export interface FaultRow {
  /** The name of its virtual model, and of its models upstream. */
  readonly id: string;
  readonly title: string;
  readonly holds: Holds;
  readonly model: VirtualModel;
  /** Of the model of this name at the simulator `sick`. */
  readonly sick?: SimulatedModelSettings;
  /** Stands beside `sick` in the sums of requests. */
  readonly standIn?: string;
  /** Whether breakers are what ends the trouble; a target that fails now and then stays in use. */
  readonly opens: boolean;
}

/** Shorter than usual, so that probes of what is still down count too. */
const OPEN_FOR = { openFor: '2s' };

/** The healthy target speaks another dialect than the sick one, so that every fallback crosses. */
function pair(id: string, settings: object = {}): VirtualModel {
  return { target: `sick/${id}`, fallback: [`well/${id}`], ...settings };
}

const refused = { errorRate: 1, errorStatus: 529 };

/** In the order of the table. */
export const FAULT_ROWS: readonly FaultRow[] = [
  {
    id: 'down',
    title: 'one of two down (connection refused)',
    holds: 'saved',
    opens: true,
    model: { target: 'gone/down', fallback: ['well/down'] },
  },
  {
    id: 'overloaded',
    title: '30 % 529 at one of two',
    holds: 'saved',
    opens: false,
    sick: { errorRate: 0.3, errorStatus: 529 },
    model: pair('overloaded'),
  },
  {
    id: 'limited',
    title: '429 with Retry-After at one of two',
    holds: 'saved',
    opens: true,
    sick: { errorRate: 1, errorStatus: 429, retryAfter: 1000 },
    model: pair('limited'),
  },
  {
    id: 'limited-only',
    title: '10 % 429 with Retry-After at the only target',
    holds: 'obeyed',
    opens: false,
    standIn: 'limiting',
    model: { target: 'limiting/limited-only' },
  },
  {
    id: 'stall',
    title: 'stall after 5 tokens',
    holds: 'honest',
    opens: true,
    sick: { stallAfterTokens: 5 },
    model: pair('stall'),
  },
  {
    id: 'stall-continue',
    title: 'stall after 5 tokens, `continue: true`',
    holds: 'saved',
    opens: true,
    sick: { stallAfterTokens: 5 },
    model: pair('stall-continue', { continue: true }),
  },
  {
    id: 'cut',
    title: 'cut after 5 tokens',
    holds: 'honest',
    opens: true,
    sick: { cutAfterTokens: 5 },
    model: pair('cut'),
  },
  {
    id: 'cut-continue',
    title: 'cut after 5 tokens, `continue: true`',
    holds: 'saved',
    opens: true,
    sick: { cutAfterTokens: 5 },
    model: pair('cut-continue', { continue: true }),
  },
  {
    id: 'malformed',
    title: 'malformed chunk after 5 tokens',
    holds: 'honest',
    opens: true,
    sick: { malformedAfterTokens: 5 },
    model: pair('malformed'),
  },
  {
    id: 'malformed-continue',
    title: 'malformed chunk, `continue: true`',
    holds: 'saved',
    opens: true,
    sick: { malformedAfterTokens: 5 },
    model: pair('malformed-continue', { continue: true }),
  },
  {
    id: 'slow',
    title: '10× latency at one of two, `slowAfter: 150ms`',
    holds: 'saved',
    opens: true,
    sick: { ttft: 200, tokensPerSecond: 100 },
    model: pair('slow', { breaker: { slowAfter: '150ms' } }),
  },
  {
    id: 'slow-hedged',
    title: '10× latency at one of two, hedged after 100 ms',
    holds: 'saved',
    opens: false,
    sick: { ttft: 200, tokensPerSecond: 100 },
    model: pair('slow-hedged', { hedge: { after: '100ms' } }),
  },
  {
    id: 'dns',
    title: 'DNS failure at one of two',
    holds: 'saved',
    opens: true,
    model: { target: 'nameless/dns', fallback: ['well/dns'] },
  },
  {
    id: 'tls',
    title: 'TLS failure at one of two',
    holds: 'saved',
    opens: true,
    model: { target: 'insecure/tls', fallback: ['well/tls'] },
  },
  {
    id: 'revoked',
    title: 'revoked provider key at one of two (401)',
    holds: 'saved',
    opens: true,
    standIn: 'revoked',
    model: { target: 'revoked/revoked', fallback: ['well/revoked'] },
  },
  {
    id: 'all-down',
    title: 'both down (connection refused)',
    holds: 'all down',
    opens: true,
    model: { target: 'gone/all-down', fallback: ['gone-too/all-down'], breaker: OPEN_FOR },
  },
  {
    id: 'all-overloaded',
    title: 'both 100 % 529',
    holds: 'all down',
    opens: true,
    sick: refused,
    model: { target: 'sick/all-overloaded', fallback: ['sick-claude/all-overloaded'], breaker: OPEN_FOR },
  },
];
