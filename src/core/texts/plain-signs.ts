/**
 * Whether anything may be written in other signs: there is more than ASCII, Latin letters, quotes and dashes, Chinese,
 * Japanese and Korean, and what stands between their sentences. Most texts are not looked at twice for that reason.
 */
const NOT_PLAIN =
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  /[^\0-\x7F\u00C0-\u024F\u2013-\u201D\u2026\u3001-\u30FF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01\uFF0C\uFF1A\uFF1B\uFF1F]|\\u[\dA-F]{4}/i;
/** A sign that JSON escapes, also in JSON within JSON; those of ASCII are left to whoever reads JSON. */
const ESCAPED = /\\+u(00[89A-F][\dA-F]|0[1-9A-F][\dA-F]{2}|[1-9A-F][\dA-F]{3})/gi;
/** Wide forms of what ends a text in JSON. */
const ENDS_TEXT = /[\uFF02\uFF3C\uFE68]/g;
/** Signs that nobody sees: of no width, soft hyphens, those that choose a form or a direction. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]+/gu;

/**
 * A text, or JSON, as a reader would take it: wide, raised and circled letters and digits become plain ones, and what
 * cannot be seen is left out. It can be up to 18 times as long.
 */
export function plainSigns(text: string): string {
  if (!NOT_PLAIN.test(text)) return text;
  return text
    .replace(ESCAPED, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(ENDS_TEXT, ' ')
    .replace(UNSEEN, '')
    .normalize('NFKC');
}
