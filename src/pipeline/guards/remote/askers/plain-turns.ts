/**
 * What chat templates and tokenizers take for more than a text: `<|eot_id|>`, `<end_of_turn>`, `</s>`, `<<SYS>>`,
 * `[INST]`, `[SEP]`, and the words between which Llama Guard's own instruction puts a conversation.
 */
const TOKEN = /[<[](?=[|<]|\/?(?:s|bos|eos|pad|unk|cls|sep|mask|inst|(?:start|end)_of_turn)\b|(?:begin|end) [a-z])/gi;

/** A judged text in which nothing is a sign of a template: some servers would read it as their own. As long as before. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN, '(');
}
