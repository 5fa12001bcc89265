import { RANK, type Recogniser } from '../text/sight.ts';

const MARK = '://';
/** To the last @: some write it within passwords. */
const USER_INFO = /[^\s/"'<>\\?#]{1,512}@(?=[\w[])/y;
/** Names alone are no secrets; long ones are tokens. */
const LEAST_TOKEN = 16;
const PLACEHOLDER = /^(?:\$?\{{1,2}[^{}]*\}{1,2}|\*+|x+|\.{3}|%s)$/i;

/** `user:password` of an address: what stands before its @. */
export const urlCredentialsRecogniser: Recogniser = (sight) => {
  const { text } = sight;
  for (let at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at + 1)) {
    USER_INFO.lastIndex = at + MARK.length;
    const found = USER_INFO.exec(text)?.[0];
    if (found === undefined) continue;
    const info = found.slice(0, -1);
    const colon = info.indexOf(':');
    const secret = info.slice(colon + 1);
    if (colon < 0 ? info.length < LEAST_TOKEN : secret === '') continue;
    if (PLACEHOLDER.test(secret)) continue;
    const start = at + MARK.length;
    sight.add(start, start + info.length, 'URL_CREDENTIALS', 0.95, RANK.secret);
  }
};
