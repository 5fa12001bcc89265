import { NANO_PER_USD, type NanoUsd } from '../../core/money.ts';
import { BoundedSeries } from './bounded-series.ts';
import type { NumberSeries, Reading, Registry } from './registry.ts';

/** Each with its model and target: who knows the hit rates of the providers' prompt caches. */
export type HitRatioReader = () => Iterable<Reading>;

/** How providers' prompt caches are used. */
export class PromptCacheMetrics {
  readonly #lost: BoundedSeries<NumberSeries>;
  #ratios: HitRatioReader = () => [];

  constructor(registry: Registry) {
    registry.read(
      'gauge',
      {
        name: 'causeway_prompt_cache_hit_ratio',
        help: "Share of the input tokens of the last 15 minutes that were read from the provider's prompt cache, of prompts of 1,024 tokens and more.",
        labels: ['model', 'target'],
      },
      () => this.#ratios(),
    );
    const lost = registry.counter({
      name: 'causeway_prompt_cache_lost_usd_total',
      help: 'Dollars that input cost more because it could have been read from the prompt cache and was not: GET /admin/v1/prompt-cache.',
      labels: ['model', 'target'],
    });
    // More than that share one series, which is no target's.
    this.#lost = new BoundedSeries(
      (name) => lost.with(...(name.includes('\n') ? name.split('\n') : [name, name])),
      () => {},
    );
  }

  /** From now on they are read there. */
  follow(ratios: HitRatioReader): void {
    this.#ratios = ratios;
  }

  observeLoss(model: string, target: string, nanoUsd: NanoUsd): void {
    this.#lost.of(`${model}\n${target}`).add(nanoUsd / NANO_PER_USD);
  }
}
