import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import type { texts as english } from './en/index.ts';

export type Language = 'en' | 'zh';
export type Texts = typeof english;

const KEPT_AS = 'causeway.language';
const LOADERS: Readonly<Record<Language, () => Promise<{ readonly texts: Texts }>>> = {
  en: () => import('./en/index.ts'),
  zh: () => import('./zh/index.ts'),
};

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

/** Only the language that is read is loaded. */
async function load(language: Language): Promise<void> {
  const { texts } = await LOADERS[language]();
  for (const [part, words] of Object.entries(texts)) i18next.addResourceBundle(language, part, words, true, true);
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
  await load(language);
  localStorage.setItem(KEPT_AS, language);
  await i18next.changeLanguage(language);
}

/** For what is formatted outside of components. */
export function languageNow(): Language {
  return i18next.language === 'zh' ? 'zh' : 'en';
}
