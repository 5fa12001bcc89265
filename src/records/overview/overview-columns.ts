import { type WrittenColumn, columnsOf } from '../traces/written-columns.ts';
import type { overviewSlots } from './schema.ts';

type Column = keyof typeof overviewSlots.$inferSelect;

/** What is counted, in the order of its columns. */
export const COUNTED = [
  'requests',
  'clientErrors',
  'policyErrors',
  'providerErrors',
  'gatewayErrors',
  'aborted',
  'inputTokens',
  'outputTokens',
  'costNanoUsd',
  'costUnknownRequests',
  'savedNanoUsd',
  'exactHits',
  'semanticHits',
  'coalescedHits',
  'cacheMisses',
  'cacheBypasses',
] as const;
export type Counted = (typeof COUNTED)[number];

/** As plain data, for the thread that writes them; a test holds them to the tables. */
export const OVERVIEW_COLUMNS: Readonly<Record<Column, WrittenColumn>> = columnsOf<Column>({
  slot: ['slot', 'timestamp with time zone', 'not null'],
  level: ['level', 'text', 'not null'],
  project: ['project', 'text', 'not null'],
  model: ['model', 'text', 'not null'],
  subject: ['subject', 'text', 'not null'],
  requests: ['requests', 'bigint', 'not null'],
  clientErrors: ['client_errors', 'bigint', 'not null'],
  policyErrors: ['policy_errors', 'bigint', 'not null'],
  providerErrors: ['provider_errors', 'bigint', 'not null'],
  gatewayErrors: ['gateway_errors', 'bigint', 'not null'],
  aborted: ['aborted', 'bigint', 'not null'],
  inputTokens: ['input_tokens', 'bigint', 'not null'],
  outputTokens: ['output_tokens', 'bigint', 'not null'],
  costNanoUsd: ['cost_nano_usd', 'bigint', 'not null'],
  costUnknownRequests: ['cost_unknown_requests', 'bigint', 'not null'],
  savedNanoUsd: ['saved_nano_usd', 'bigint', 'not null'],
  exactHits: ['exact_hits', 'bigint', 'not null'],
  semanticHits: ['semantic_hits', 'bigint', 'not null'],
  coalescedHits: ['coalesced_hits', 'bigint', 'not null'],
  cacheMisses: ['cache_misses', 'bigint', 'not null'],
  cacheBypasses: ['cache_bypasses', 'bigint', 'not null'],
  latency: ['latency', 'integer[]'],
  ttft: ['ttft', 'integer[]'],
});

/**
 * By what a row is: each request is in the first four, each of its targets in one with each model, each error in one
 * with each of the four. Percentiles are of the first four.
 */
export const LEVELS = [
  'all',
  'project',
  'model',
  'project+model',
  'target',
  'model+target',
  'error',
  'project+error',
  'model+error',
  'project+model+error',
] as const;
export type Level = (typeof LEVELS)[number];
