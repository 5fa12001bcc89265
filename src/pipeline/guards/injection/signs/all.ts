import { ANSWER_RULES } from './answers.ts';
import { CHINESE_RULES } from './chinese.ts';
import { COMMAND_RULES } from './commands.ts';
import { FORGERY_RULES } from './forgeries.ts';
import { OTHER_LANGUAGE_RULES } from './other-languages.ts';
import { PERSONA_RULES } from './personas.ts';
import { indexOf } from './rule.ts';

export const ALL_RULES = [
  ...COMMAND_RULES,
  ...PERSONA_RULES,
  ...ANSWER_RULES,
  ...FORGERY_RULES,
  ...CHINESE_RULES,
  ...OTHER_LANGUAGE_RULES,
];

export const RULE_INDEX = indexOf(ALL_RULES);
