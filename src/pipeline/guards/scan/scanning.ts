import type { GuardPolicySettings } from '../settings.ts';

/** The parts of a policy that scanners are built from; plain, so that they can be sent to a thread. */
export type ScannerSettings = {
  readonly [Name in 'pii' | 'injection' | 'keywords' | 'validation']?: GuardPolicySettings[Name] | undefined;
};

/** The words of the operator's own lists, by the name of the list. */
export type WordLists = ReadonlyMap<string, readonly string[]>;

/** The names of the guards that scan by themselves. Forbidden patterns of requests and of answers are two. */
export const SCANNING = {
  pii: 'pii',
  injection: 'injection',
  keywords: 'keywords',
  forbid: 'forbid',
  forbidOutput: 'forbid-output',
} as const;
