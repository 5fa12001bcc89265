const BODY = 'font: 16px/1.6 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto 0; padding: 0 1.5rem';

interface PlainPage {
  readonly en: string;
  readonly zh: string;
  /** HTML that stands below the words. */
  readonly below?: string;
  /** Asks again by itself after so many seconds. */
  readonly refreshSeconds?: number;
}

/** A page in both languages for where the console cannot be shown. Its words are HTML of our own. */
export function plainPage({ en, zh, below, refreshSeconds }: PlainPage): string {
  const refresh = refreshSeconds === undefined ? '' : `\n<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">${refresh}
<title>Causeway</title>
</head>
<body style="${BODY}">
<h1 style="font-size: 1.25rem">Causeway</h1>
<p>${en}</p>
<p lang="zh-CN">${zh}</p>${below === undefined ? '' : `\n${below}`}
</body>
</html>
`;
}
