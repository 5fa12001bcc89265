import { parseJson } from '../../../core/json.ts';
import { endOfString } from '../slots/view.ts';

const NUMBER = /-?\d[\d.eE+-]*/g;

/**
 * JSON with its texts, names of members and numbers as `rewrite` would have them; what comes back the same keeps its bytes,
 * a number that does not is a text. Without recursion, so that no depth is too much for it.
 * @returns undefined where it is no JSON
 */
export function rewriteTexts(json: string, rewrite: (text: string) => string): string | undefined {
  if (parseJson(json) === undefined) return undefined;
  let out = '';
  let kept = 0;
  const put = (from: number, to: number, text: string): void => {
    const rewritten = rewrite(text);
    if (rewritten === text) return;
    out += json.slice(kept, from) + JSON.stringify(rewritten);
    kept = to;
  };
  for (let at = 0; at < json.length;) {
    const open = json.indexOf('"', at);
    const before = json.slice(at, open < 0 ? json.length : open);
    if (before.length > 1) {
      for (const { 0: number, index } of before.matchAll(NUMBER)) put(at + index, at + index + number.length, number);
    }
    if (open < 0) break;
    at = endOfString(json, open);
    const token = json.slice(open, at);
    put(open, at, token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1));
  }
  return kept === 0 ? json : out + json.slice(kept);
}
