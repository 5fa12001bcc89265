import type { GuardPolicy, Policies, ScanningGuard } from '../engine/guard-policy.ts';
import { CLEAN, type Scanner } from '../scan/scanner.ts';

/** A secret word of the system prompt, found in any case. */
function canaryScanner(word: string): Scanner {
  const wanted = word.toLowerCase();
  return {
    scan(text) {
      const at = text.toLowerCase().indexOf(wanted);
      if (at < 0) return CLEAN;
      return { score: 1, findings: [{ start: at, end: at + wanted.length, category: 'canary', score: 1 }] };
    },
    held(end) {
      const lower = end.toLowerCase();
      for (let held = Math.min(lower.length, wanted.length - 1); held > 0; held -= 1) {
        if (wanted.startsWith(lower.slice(-held))) return held;
      }
      return 0;
    },
  };
}

/** Whoever says the secret word has told the system prompt. What follows is what `injection` says of answers. */
export function canaryGuard(policies: Policies, word: string): { guard: ScanningGuard; policy: GuardPolicy } {
  const policy = policies.find(({ settings }) => settings.injection?.canary) ?? policies[0];
  const { injection, onFailure } = policy.settings;
  const said = injection?.output ?? 'off';
  const action = said === 'off' ? 'block' : said;
  const called = injection?.toolArguments ?? action;
  return {
    policy,
    guard: {
      kind: 'scanning',
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
