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

const BODY = 'font: 16px/1.6 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto 0; padding: 0 1.5rem';

/** What stands in the console's place while there is none. It asks again by itself. */
export function absencePage(absence: Absence): string {
  const { en, zh } = WORDS[absence];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="3">
<title>Causeway</title>
</head>
<body style="${BODY}">
<h1 style="font-size: 1.25rem">Causeway</h1>
<p>${en}</p>
<p lang="zh-CN">${zh}</p>
</body>
</html>
`;
}
