import type { Message } from '../messages/message.ts';

/** A message in the little Markdown that group robots read: a heading, and a quoted line for each fact. */
export function markdownOf({ title, lines, colon }: Message): string {
  const facts = lines.map(([label, value]) => `> ${harmless(label)}${colon}${harmless(value)}`);
  return [`### ${harmless(title)}`, ...facts].join('\n\n');
}

/** What could make a link, a mention or markup of a name that a client chose looks alike and means nothing. */
function harmless(text: string): string {
  return text.replaceAll(/[<>[\]`*@\\]/g, (sign) => ALIKE[sign] ?? sign);
}

const ALIKE: Readonly<Record<string, string>> = {
  '<': '＜',
  '>': '＞',
  '[': '【',
  ']': '】',
  '`': "'",
  '*': '＊',
  '@': '＠',
  '\\': '＼',
};

/** As much of a text as has so many bytes, whole characters. */
export function cutBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  let end = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most - 3) break;
    end += character;
  }
  return `${end}…`;
}
