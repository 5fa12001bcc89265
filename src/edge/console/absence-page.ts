import { plainPage } from '../../core/plain-page.ts';
import type { Absence } from './console-files.ts';

interface Wording {
  readonly en: string;
  readonly zh: string;
}

const WORDS: Readonly<Record<Absence, Wording>> = {
  building: {
    en: 'The console is being built. This takes a minute at the first start; the page will then open by itself. The gateway already answers requests.',
    zh: '控制台正在构建。首次启动约需一分钟，完成后页面会自动打开。网关已经可以处理请求。',
  },
  not_built: {
    en: 'The console is not built here. Run “npm run build:console” in the repository; this page will then open by itself.',
    zh: '此处尚未构建控制台。请在代码仓库中运行“npm run build:console”，完成后页面会自动打开。',
  },
  failed: {
    en: 'The console could not be built; the log of the gateway says why. Run “npm ci”, then “npm run build:console”; this page will then open by itself.',
    zh: '控制台构建失败，原因见网关日志。请依次运行“npm ci”和“npm run build:console”，完成后页面会自动打开。',
  },
};

const REFRESH_SECONDS = 3;

/** What stands in the console's place while there is none. It asks again by itself. */
export function absencePage(absence: Absence): string {
  return plainPage({ ...WORDS[absence], refreshSeconds: REFRESH_SECONDS });
}
