import { alerts } from './alerts.ts';
import { cache } from './cache.ts';
import { cost } from './cost.ts';
import { keys } from './keys.ts';
import { models } from './models.ts';
import { operators } from './operators.ts';
import { playground } from './playground.ts';
import { requests } from './requests.ts';
import { reviews } from './reviews.ts';
import { rollouts } from './rollouts.ts';
import { safety } from './safety.ts';
import { settings } from './settings.ts';

/** 其他页面的文本，打开其中任一页面时加载。 */
export const texts = {
  alerts,
  cache,
  cost,
  keys,
  models,
  operators,
  playground,
  requests,
  reviews,
  rollouts,
  safety,
  settings,
};
