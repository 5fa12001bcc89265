import { texts as first } from './index.ts';
import { texts as pages } from './pages.ts';

/** 全部文本。 */
export const texts = { ...first, ...pages };
