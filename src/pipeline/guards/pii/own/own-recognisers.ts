import { RE2JS } from 're2js';

import { hasIbanCheck, isLuhn, isVerhoeff } from '../../../../core/texts/checksums.ts';
import { PartialMatch } from '../../validation/partial-match.ts';
import { isResidentId } from '../checks/resident-id.ts';
import type { PiiSettings } from '../settings.ts';
import { RANK, type Recogniser } from '../text/sight.ts';

type Check = NonNullable<ReturnType<PiiSettings['own']['get']>>['check'];

const SEPARATORS = /[\s.()-]/g;

const CHECKS: Readonly<Record<Check, (signs: string) => boolean>> = {
  none: () => true,
  luhn: (signs) => /^\d+$/.test(signs) && isLuhn(signs),
  mod97: (signs) => /^[A-Z\d]+$/.test(signs) && hasIbanCheck(signs),
  'resident-id': (signs) => isResidentId(signs),
  verhoeff: (signs) => /^\d+$/.test(signs) && isVerhoeff(signs),
};

/**
 * The engine looks at most so far for each find, so that looking for all of them is linear. What is longer than
 * {@link OVERLAP} may not be found where it lies across a window's end.
 */
const WINDOW = 1024;
const OVERLAP = 256;
/** Where one is found up to the end of its window, that is widened as far. */
const WIDEST = 16_384;

export interface OwnRecognisers {
  readonly recognise: Recogniser;
  /** As of a scanner. */
  readonly held: (end: string) => number;
}

/**
 * The operator's own kinds of data.
 * @throws RE2JSException where a pattern is none, which the check of the configuration excludes
 */
export function ownRecognisers(own: PiiSettings['own']): OwnRecognisers | undefined {
  if (own.size === 0) return undefined;
  const kinds = [...own].map(([category, { pattern, check, ignoreCase }]) => {
    const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return { category, pattern: compiled, partial: new PartialMatch(compiled), check: CHECKS[check] };
  });
  return {
    recognise: (sight) => {
      for (const { category, pattern, check } of kinds) {
        for (const [start, end] of matches(pattern, sight.text)) {
          const signs = sight.text.slice(start, end).replaceAll(SEPARATORS, '').toUpperCase();
          if (check(signs)) sight.add(start, end, category, 1, RANK.own);
        }
      }
    },
    held: (end) => kinds.reduce((most, { partial }) => Math.max(most, partial.held(end)), 0),
  };
}

/** All places where it is found, from left to right. */
function* matches(pattern: RE2JS, text: string): Generator<readonly [start: number, end: number]> {
  let from = 0;
  let size = WINDOW;
  while (from < text.length) {
    const isLast = from + size >= text.length;
    // What stands before belongs to the window, so that \b sees it.
    const before = Math.min(from, 1);
    const part = text.slice(from - before, from + size);
    const matcher = pattern.matcher(part);
    if (!matcher.find(before)) {
      if (isLast) return;
      from += size - OVERLAP;
      size = WINDOW;
      continue;
    }
    const start = from - before + matcher.start();
    const end = from - before + matcher.end();
    // It may go on behind the window, whose end is none of the text's: it is looked at from its own beginning, then further.
    if (!isLast && end === from + size && (start > from || size < WIDEST)) {
      size = start > from ? WINDOW : size * 4;
      from = start;
      continue;
    }
    if (end > start) yield [start, end];
    from = Math.max(end, start + 1);
    size = WINDOW;
  }
}
