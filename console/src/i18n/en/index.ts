import { common } from './common.ts';
import { events } from './events.ts';
import { firstRequest } from './first-request.ts';
import { objectives } from './objectives.ts';
import { overview } from './overview.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';

/** English: what the frame and the first page say. */
export const texts = { common, events, firstRequest, objectives, overview, shell, signIn };
