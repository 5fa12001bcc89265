import { common } from './common.ts';
import { events } from './events.ts';
import { firstRequest } from './first-request.ts';
import { objectives } from './objectives.ts';
import { overview } from './overview.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';

/** 中文：框架与首页的文本。 */
export const texts = { common, events, firstRequest, objectives, overview, shell, signIn };
