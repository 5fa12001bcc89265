import { plainPage } from '../../core/plain-page.ts';

/** Why somebody is not let in. */
export type PageReason = 'no_attempt' | 'not_proved' | 'no_role' | 'unreachable' | 'too_many' | 'storage';

interface Wording {
  readonly status: number;
  readonly en: string;
  readonly zh: string;
}

const WORDS: Readonly<Record<PageReason, Wording>> = {
  no_attempt: {
    status: 400,
    en: 'This sign-in was begun too long ago, or in another browser. Begin it again.',
    zh: '登录已超时，或是在其他浏览器中开始的。请重新登录。',
  },
  not_proved: {
    status: 401,
    en: 'The identity provider did not confirm who you are. Begin the sign-in again; the log of the gateway says more.',
    zh: '身份提供方未能确认您的身份。请重新登录；详细原因见网关日志。',
  },
  no_role: {
    status: 403,
    en: 'The identity provider knows you, but none of the rules of this gateway gives you a role. Ask whoever runs it (console.oidc.roles).',
    zh: '身份提供方已确认您的身份，但此网关的规则没有授予您任何角色。请联系网关管理员（console.oidc.roles）。',
  },
  unreachable: {
    status: 502,
    en: 'The identity provider does not answer. Try again later, or sign in with a key.',
    zh: '身份提供方没有响应。请稍后重试，或使用密钥登录。',
  },
  too_many: {
    status: 429,
    en: 'Too many attempts have failed. Try again in a few minutes.',
    zh: '失败次数过多。请几分钟后再试。',
  },
  storage: {
    status: 503,
    en: 'The database does not answer, so that no session can be opened. Try again later.',
    zh: '数据库没有响应，无法建立会话。请稍后重试。',
  },
};

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src-attr 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

export function statusOf(reason: PageReason): number {
  return WORDS[reason].status;
}

/** What is shown to somebody who comes from the identity provider and is not let in. */
export function refusalPage(reason: PageReason, who: string | undefined): string {
  const { en, zh } = WORDS[reason];
  const name = who === undefined ? [] : [`<p><code>${escaped(who)}</code></p>`];
  return plainPage({ en, zh, below: [...name, '<p><a href="/console/">/console/</a></p>'].join('\n') });
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
