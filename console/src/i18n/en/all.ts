import { texts as first } from './index.ts';
import { texts as pages } from './pages.ts';

/** All of it. */
export const texts = { ...first, ...pages };
