import { describe, expect, it } from 'vitest';

import type { Span } from './trace-types.ts';
import { waterfallOf } from './waterfall.ts';

const span = (patch: Partial<Span>): Span => ({
  kind: 'queue',
  name: 'lab/small',
  start_ms: 0,
  duration_ms: 10,
  status: 'ok',
  detail: null,
  ...patch,
});
const REQUEST = { latency_ms: 200, ttft_ms: 50, status: 'completed', endpoint: '/v1/chat/completions' };

describe('waterfallOf', () => {
  it('places what was done within the request', () => {
    const spans = [
      span({ start_ms: 20, duration_ms: 30 }),
      span({ kind: 'attempt', start_ms: 50, duration_ms: 150, detail: { index: 1 } }),
    ];
    const { bars, firstToken, totalMs } = waterfallOf({ ...REQUEST, spans });
    expect(totalMs).toBe(200);
    expect(firstToken).toBe(0.25);
    expect(bars.map(({ left, width }) => [left, width])).toEqual([
      [0, 1],
      [0.1, 0.15],
      [0.25, 0.75],
    ]);
    expect(bars.map(({ attempt }) => attempt)).toEqual([undefined, undefined, 1]);
  });

  it('is as long as the longest of all', () => {
    const { bars, totalMs } = waterfallOf({ ...REQUEST, spans: [span({ start_ms: 300, duration_ms: 100 })] });
    expect(totalMs).toBe(400);
    expect(bars[0]?.width).toBe(0.5);
  });

  it('has a length also where nothing took any time', () => {
    const { bars } = waterfallOf({
      ...REQUEST,
      latency_ms: 0,
      ttft_ms: null,
      spans: [span({ duration_ms: 0, start_ms: null })],
    });
    expect(bars.map(({ left, width }) => [left, width])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
