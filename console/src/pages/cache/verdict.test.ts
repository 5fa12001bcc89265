import { expect, test } from 'vitest';

import { boundShare, heldBack, semanticState } from './verdict.ts';

test('a semantic cache gives nothing until it has learned, and learns anew after an alarm', () => {
  expect(semanticState({ serves_from: 0.9, alarms: 3 })).toBe('serving');
  expect(semanticState({ serves_from: null, alarms: 0 })).toBe('learning');
  expect(semanticState({ serves_from: null, alarms: 1 })).toBe('relearning');
});

test('what it holds back is what had a neighbour and was asked for all the same', () => {
  expect(heldBack({ decisions: 10, served: 4 })).toBe(6);
});

test('its bound is a share of what is allowed', () => {
  expect(boundShare({ error_bound: 0.01, max_error_rate: 0.02 })).toBe(0.5);
  expect(boundShare({ error_bound: null, max_error_rate: 0.02 })).toBe(1);
});
