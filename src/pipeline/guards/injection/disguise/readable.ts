/** A part of a text that says something else when it is decoded. */
export interface Decoded {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** So much of it has to be printable to be somebody's text. */
const PRINTABLE = 0.9;

/** The text of bytes, where they are one. */
export function readable(bytes: Buffer): string | undefined {
  if (bytes.length < 8 || !isPrintable(bytes.subarray(0, 64).toString('utf8'))) return undefined;
  const text = bytes.toString('utf8');
  return isPrintable(text) ? text : undefined;
}

function isPrintable(text: string): boolean {
  let bad = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 32 && code !== 10 && code !== 13 && code !== 9) || code === 127 || code === 0xfffd) bad++;
  }
  return text.length > 0 && bad <= text.length * (1 - PRINTABLE);
}

const WORDS =
  /ignore|disregard|forget|previous|prior|above|system|prompts?|instructions?|rules|reveal|print|show|repeat|jailbreak|developer|mode|anything|unfiltered|restrictions|password|secret|pretend|everything|message|policy|guidelines|safety|tell|now|all|any|your|the|you|are|me|my|act|as|do|no|and/g;

/** Words that nothing keeps apart. */
export function spelledApart(glued: string): string {
  return glued.toLowerCase().replaceAll(WORDS, ' $& ').replaceAll(/ {2,}/g, ' ');
}
