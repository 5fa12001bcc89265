import { isIPv6 } from 'node:net';

import type { Recogniser, Sight } from '../text/sight.ts';

const PART = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const IPV4 = new RegExp(String.raw`(?<![\w.-])(?:${PART}\.){3}${PART}(?![\w-]|\.\d)`, 'g');
/** Nobody's: this host, all hosts, masks of networks. */
const NOBODYS = /^(?:0\.|127\.|255\.)/;
const VERSION = /[Vv]$/;

/** At least two colons, so that times and pairs are not looked at. */
const IPV6 = /(?<![\w:.])(?:[\dA-Fa-f]{1,4}:|::)[\dA-Fa-f:.]{1,64}/g;
const TAIL = /[:.]+$/;
const HAS_DIGIT = /\d/;
/** Fewer signs are more often parts of programs: `a::b`. */
const LEAST_IPV6 = 6;

/** IPv4 and IPv6 addresses but those that every host has. */
export const ipRecogniser: Recogniser = (sight) => {
  const { text } = sight;
  if (text.includes('.')) lookForIpv4(sight);
  if (text.includes(':')) lookForIpv6(sight);
};

function lookForIpv4(sight: Sight): void {
  const { text, words } = sight;
  for (const match of text.matchAll(IPV4)) {
    const [address] = match;
    const start = match.index;
    if (NOBODYS.test(address) || VERSION.test(text.slice(start - 2, start))) continue;
    if (words.isNamed('release', start)) continue;
    sight.add(start, start + address.length, 'IP', 0.9);
  }
}

function lookForIpv6(sight: Sight): void {
  for (const match of sight.text.matchAll(IPV6)) {
    let [address] = match;
    if (!address.endsWith('::')) address = address.replace(TAIL, '');
    if (address.length < LEAST_IPV6 || !HAS_DIGIT.test(address) || !isIPv6(address)) continue;
    sight.add(match.index, match.index + address.length, 'IP', 0.9);
  }
}
