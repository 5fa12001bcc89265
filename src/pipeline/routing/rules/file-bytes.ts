/** What is so long and nothing else is the bytes of a file. */
const BYTES = /^(?:data:[\w.+/;=-]{1,128},)?[A-Za-z\d+/_-]{1024,}={0,2}$/;

export function isFileBytes(text: string): boolean {
  return text.length > 1024 && BYTES.test(text);
}
