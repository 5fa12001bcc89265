import type { Rule } from './rule.ts';

const BREAK = '[^\\S\\n]{0,4}';

const TOKEN =
  '(?:im_start|im_end|im_sep|system|user|assistant|endoftext|end|eot_id|start_header_id|end_header_id|begin_of_text|end_of_text|eom_id|endofprompt|fim_prefix|tool|channel|message|start|return|call)';
/** A turn that begins: somebody who asks what a delimiter means writes none. */
const TURN = '\\s{0,4}(?:(?:system|user|assistant|developer|tool|model|final|analysis)(?![a-z0-9])|<|\\[/?inst)';

/** What only a chat's own machinery writes: its delimiters, and turns of others. Folded, so in small letters. */
export const FORGERY_RULES: readonly Rule[] = [
  { sign: 'template', heads: '<', rest: `\\|${TOKEN}\\|>${TURN}` },
  { sign: 'token', heads: '<', rest: `\\|${TOKEN}\\|>` },
  { sign: 'token', heads: '<', rest: '<{0,1}/?sys>>?' },
  { sign: 'template', heads: '<', rest: `/?(?:start_of_turn|end_of_turn|bos|eos|s_end)>${TURN}` },
  { sign: 'token', heads: '<', rest: '/?(?:start_of_turn|end_of_turn|bos|eos|s_end)>' },
  {
    sign: 'tag',
    heads: '<',
    rest: '/?(?:system|sys|admin|instructions?|system_prompt|system-prompt|system prompt|system_message|system mode|god mode[l]?|override)>',
  },
  { sign: 'template', heads: '<', rest: '｜(?:begin|end|user|assistant|system)' },
  { sign: 'template', heads: '\\[', rest: '/?inst\\]\\s{0,4}(?:<{1,2}/?sys|\\[/?inst)' },
  { sign: 'token', heads: '\\[', rest: '/?inst\\]' },
  {
    sign: 'template',
    heads: '\\[',
    rest: '(?:system|admin|system message|system prompt|system note|debug[a-z ]{0,12}|override)\\](?:\\(#|:)',
  },
  {
    sign: 'fake-turn',
    heads: '#',
    rest: `#{1,3}${BREAK}(?:system|instruction|new instruction|human|user|assistant|response)s?${BREAK}:`,
  },
  {
    sign: 'fake-turn',
    heads: '\\n',
    rest: `${BREAK}(?:\\[|\\*{1,2})?(?:system|assistant|human|user|ai|chatgpt|gpt|developer)(?:\\]|\\*{1,2})?${BREAK}:`,
  },
  { sign: 'fake-turn', heads: '\\$', rest: '(?:system|prompt|term1)' },
  { sign: 'fake-turn', heads: '\\$', rest: '\\{(?:prompt|input|question)\\}' },
  {
    sign: 'fake-turn',
    heads: 'end of|begin|start of|beginning of|user message|system',
    rest: ' (?:system |user |the |new ){0,2}(?:prompt|termination|instructions? begins?|input|message ends)',
  },
  {
    sign: 'dual-answer',
    heads: '\\[|\\(|\\{|<',
    rest: "(?:the )?(?:(?:normal|classic|standard|regular|opposite|unfiltered) )?(?:chat_?gpt|gpt|chat gpt|dan|jailbreak|jailbroken|bot|ai|evil|developer mode(?: output)?|the way|what|way|response|your response|unfiltered response|chatgpt response|[a-z]{1,12}gpt)(?: [a-z']{1,12}){0,6}(?:\\]|\\)|\\}|>)(?::|\\s)",
  },
  { sign: 'dual-answer', heads: '🔓|🔒' },
  {
    sign: 'placeholder',
    heads: '\\[|\\{|<|\\(',
    rest: '(?:insert |your |the |my |enter |user ){0,2}(?:prompt|question|request|query|input|topic|keyword|targetlanguage)(?: here| goes here)?(?:\\]|\\}|>|\\))',
  },
  { sign: 'placeholder', heads: 'prompt', rest: '[^a-z0-9\\n]{0,2}={1,2}' },
  { sign: 'exfiltration', heads: '!', rest: '\\[[^\\]\\n]{0,60}\\]\\(https?://[^\\s)]{1,120}(?:\\{|\\[|%7b|=$|<)' },
  {
    sign: 'hidden',
    heads: '<',
    rest: '!--[^>]{0,80}?(?:ignore (?:all|any|the|previous|your|this)|disregard|instructions? (?:for|to)|assistants?[:,]|you must|you should|system prompt|as an ai|forget (?:all|your|the|previous|everything))',
  },
];
