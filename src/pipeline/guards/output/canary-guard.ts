import type { GuardPolicy, Policies, ScanningGuard } from '../engine/guard-policy.ts';
import { canaryScanner } from '../injection/canary.ts';

/**
 * Whoever says the secret word has told the system prompt. What follows is what `injection` says of answers.
 * @throws RangeError where the word is no canary
 */
export function canaryGuard(policies: Policies, word: string): { guard: ScanningGuard; policy: GuardPolicy } {
  const policy = policies.find(({ settings }) => settings.injection?.canary) ?? policies[0];
  const { injection, onFailure } = policy.settings;
  const said = injection?.output ?? 'off';
  const action = said === 'off' ? 'block' : said;
  const called = injection?.toolArguments ?? action;
  return {
    policy,
    guard: {
      name: 'canary',
      scanner: canaryScanner(word),
      actions: {
        input: 'off',
        output: action,
        'tool-arguments': called === 'off' ? 'block' : called,
        'tool-results': 'off',
        retrieved: 'off',
      },
      threshold: 0.5,
      isExempt: () => false,
      onFailure: injection?.onFailure ?? onFailure,
    },
  };
}
