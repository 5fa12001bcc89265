import { alerts } from './alerts.ts';
import { cache } from './cache.ts';
import { common } from './common.ts';
import { cost } from './cost.ts';
import { firstRequest } from './first-request.ts';
import { keys } from './keys.ts';
import { models } from './models.ts';
import { objectives } from './objectives.ts';
import { operators } from './operators.ts';
import { overview } from './overview.ts';
import { playground } from './playground.ts';
import { requests } from './requests.ts';
import { reviews } from './reviews.ts';
import { rollouts } from './rollouts.ts';
import { safety } from './safety.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';

/** Chinese: one part for each page. */
export const texts = {
  common,
  shell,
  signIn,
  overview,
  requests,
  cost,
  models,
  rollouts,
  cache,
  keys,
  safety,
  reviews,
  playground,
  alerts,
  settings,
  operators,
  objectives,
  firstRequest,
};
