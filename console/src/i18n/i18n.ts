import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import type { texts as first } from './en/index.ts';
import type { texts as pages } from './en/pages.ts';

export type Language = 'en' | 'zh';
export type Texts = typeof first & typeof pages;
type Loaders = Readonly<Record<Language, () => Promise<{ readonly texts: Partial<Texts> }>>>;

const KEPT_AS = 'causeway.language';
const FIRST: Loaders = { en: () => import('./en/index.ts'), zh: () => import('./zh/index.ts') };
const PAGES: Loaders = { en: () => import('./en/pages.ts'), zh: () => import('./zh/pages.ts') };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Texts;
  }
}

/** What was chosen here before, else what the browser asks for. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept === 'en' || kept === 'zh') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

async function add(language: Language, { [language]: take }: Loaders): Promise<void> {
  const { texts } = await take();
  for (const [part, words] of Object.entries(texts)) i18next.addResourceBundle(language, part, words, true, true);
}

let ofPages: Promise<void> | undefined;

/** What all pages but the first say, in the language that is read: none of them is shown before it is there. */
export function pageTexts(): Promise<void> {
  ofPages ??= add(languageNow(), PAGES).catch((error: unknown) => {
    // The next page asks again.
    ofPages = undefined;
    throw error;
  });
  return ofPages;
}

/** Only the language that is read is loaded. */
async function load(language: Language): Promise<void> {
  await add(language, FIRST);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

export async function startTexts(): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    defaultNS: 'common',
    resources: {},
    // React writes text as text.
    interpolation: { escapeValue: false },
  });
  await load(language);
}

export async function speak(language: Language): Promise<void> {
  await Promise.all([add(language, PAGES), load(language)]);
  ofPages = Promise.resolve();
  localStorage.setItem(KEPT_AS, language);
  await i18next.changeLanguage(language);
}

/** For what is formatted outside of components. */
export function languageNow(): Language {
  return i18next.language === 'zh' ? 'zh' : 'en';
}
