/** What tutorials tell to look for. */
const PHRASES = [
  /ignore (?:all )?(?:of )?(?:the |your )?previous instructions?/i,
  /ignore (?:all )?(?:the )?above/i,
  /disregard (?:all )?(?:previous|prior|above)/i,
  /forget (?:everything|all|your) (?:previous|instructions|above)/i,
  /you are now (?:a|an|in)\b/i,
  /developer mode/i,
  /do anything now/i,
  /\bDAN\b/,
  /jailbreak/i,
  /system prompt/i,
  /reveal (?:your|the) (?:prompt|instructions)/i,
  /pretend (?:to be|you are)/i,
  /act as (?:if|though)/i,
  /bypass (?:your|the|all) (?:restrictions|filters|rules)/i,
  /<\|im_start\|>/i,
];

export function naiveScore(text: string): number {
  return Number(PHRASES.some((phrase) => phrase.test(text)));
}
