/** Bounds of histograms, seconds. A bound that objectives and alerts often name (2 s, 10 s) is one, so they are exact. */

/** From a quick embedding to a long answer that thinks. */
export const LATENCY_SECONDS = [0.025, 0.1, 0.25, 0.5, 1, 2, 4, 7, 10, 15, 30, 60, 120, 300, 600];

export const TTFT_SECONDS = [0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 4, 8, 15, 30, 60];

export const OVERHEAD_SECONDS = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
];

export const INTER_TOKEN_SECONDS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5];

export const WAIT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Of work that is ours, down to what a look into a cache takes. */
export const SPAN_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30, 60,
];

/** Of one stage of the pipeline: some take a microsecond, the innermost waits for the provider. */
export const STAGE_SECONDS = [
  0.000001, 0.0000025, 0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1, 1, 10,
  60,
];
