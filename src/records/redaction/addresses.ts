const EMAIL = '[email]';

/** As they stand in texts and in URLs. */
const AT_SIGNS = /@|%40/g;
const MOST_LOCAL = 64;
const MOST_DOMAIN = 255;
/** Letters of alphabets that write words apart are taken too. */
const LOCAL_END = /[\w.!#$+~\u00C0-\u1FFF-]+$/;
const DOMAIN = /^(?:[A-Za-z\d](?:[A-Za-z\d-]{0,62}[A-Za-z\d])?\.)+(?:xn--[A-Za-z\d-]{2,59}|[A-Za-z]{2,63})/;
const ANY_DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}[\p{L}\p{N}])?\.)+\p{L}{2,63}/u;
/** `icon@2x.png` */
const IMAGE_SCALE = /^\dx\.[a-z]{3,4}$/i;

/** The text with a mark in the place of every e-mail address. */
export function redactAddresses(text: string): string {
  let clean = '';
  let keptTo = 0;
  for (const { 0: sign, index } of text.matchAll(AT_SIGNS)) {
    if (index < keptTo) continue;
    const local = LOCAL_END.exec(text.slice(Math.max(keptTo, index - MOST_LOCAL), index))?.[0];
    const domain = local && domainAt(text, index + sign.length);
    if (!local || !domain) continue;
    clean += text.slice(keptTo, index - local.length) + EMAIL;
    keptTo = index + sign.length + domain.length;
  }
  return keptTo === 0 ? text : clean + text.slice(keptTo);
}

function domainAt(text: string, at: number): string | undefined {
  const rest = text.slice(at, at + MOST_DOMAIN);
  const domain = (DOMAIN.exec(rest) ?? ANY_DOMAIN.exec(rest))?.[0];
  return domain === undefined || IMAGE_SCALE.test(domain) ? undefined : domain;
}
