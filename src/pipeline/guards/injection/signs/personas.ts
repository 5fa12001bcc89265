import type { Rule } from './rule.ts';

const BOUNDS =
  '(?:restrictions?|limits?|limitations?|rules?|guidelines?|filters?|filtering|censor@|morals?|morality|ethics?|ethical|polic(?:y|ies)|boundaries|constraints?|regulations?|laws?|principles?|conscience|remorse|inhibitions|programming|confines|shackles|chains|safeguards?|tos|prohibitions|consequences|compass|code|virtues)';
const WHOSE =
  '(?: (?:any|all|the|its|his|her|their|your|typical|usual|such|and|or|of|kind|type|sort|form|moral|ethical|legal|content|normal|openai_s|openai|standard|imposed|strict|set|a|by|to|traditional|social)){0,5}';

/** Somebody without rules, whom the model is to be. */
export const PERSONA_RULES: readonly Rule[] = [
  {
    sign: 'alter-ego',
    heads:
      'do anything now|does anything now|say anything now|able to do anything|anything now|dan mode|as dan|antigpt|evilgpt|evil bot|chaosgpt|betterdan|basedgpt|unfilteredgpt|mongo tom|always intelligent and machiavellian|machiavellian',
  },
  { sign: 'alter-ego', heads: 'dan|stan|dude|aim|maximum|evil', isUpper: true },
  {
    sign: 'alter-ego',
    heads: 'stands for|short for|as the name',
    rest: '~(?:anything|suggests|implies|always|never|evil|unrestricted|non|no|without|anti|opposite)',
  },
  {
    sign: 'developer-mode',
    heads:
      'developer mode|dev mode|jailbreak mode|god mode|evil mode|opposite mode|unrestricted mode|unfiltered mode|chaos mode|free mode|dark mode gpt|stock mode|nsfw mode|uncensored mode|anarchy mode|villain mode',
  },
  { sign: 'developer-mode', heads: 'mode', rest: ' (?:enabled|activated|output|on)' },
  { sign: 'jailbreak', heads: 'jailbreak|jailbroken|jailbreaking|jailbreaks|jailbroke|jail break' },
  {
    sign: 'unbound',
    heads: 'no|zero|without|lacks|lack|lacking|has no|have no|any|don_t have|doesn_t have|does not have|do not have',
    rest: `${WHOSE} ${BOUNDS}`,
  },
  {
    sign: 'unbound',
    heads:
      'free|freed|released|liberated|unbound|unbounded|exempt|unchained|unshackled|detached|broken free|break free|breaks free|broke free|broken out|not bound|not limited|not restricted|not restrained|isn_t bound|aren_t bound|not constrained|not subject|not required|not obligated|not governed|not confined|unconstrained|unrestrained|outside|beyond|circumvent|defies|bypasses|bypass|ignores|ignore|disregards|disregard|break|breaks|broken|breaking|above',
    rest: `_(?:of|from|by|to|the scope of|follow|all|any)?${WHOSE} ${BOUNDS}`,
  },
  {
    sign: 'unbound',
    heads: 'not|don_t|doesn_t|does not|do not|never|no longer|without|need not|refuses to|refuse to|nor',
    rest: `(?: have| need| required| obligated| bound| going)?(?: to)?(?: be)? (?:abide|abiding|adhere|adhering|follow|following|obey|comply|complying|care|caring|respect|conform|believe|bound|limited|restricted|align)@(?: about| with| by| to| in| for)?${WHOSE} ${BOUNDS}`,
  },
  {
    sign: 'unbound',
    heads:
      'regardless|irrespective|no matter|without regard|disregarding|without concern|without caring|care about|cares about|regard to',
    rest: '(?: of| for| how| what| the| its| any| to){0,4}~(?:legal@|illegal@|moral@|immoral@|ethic@|unethic@|harmful@|danger@|consequence@|inappropriate|offensive|volatil@)',
  },
  {
    sign: 'unfiltered',
    heads:
      'unfiltered|uncensored|unrestricted|unrestrained|unhinged|unaligned|unmoderated|unlocked|limitless|boundless|unlimited ai|non restricted|nonrestricted|unregulated|no_filter',
  },
  {
    sign: 'amoral',
    heads:
      'amoral|immoral|unethical|nonmoral|non moral|immorality|unethically|inhumane|ethicality|unethicality|sociopath|psychopath|nihilistic|remorseless|ruthless',
  },
  {
    sign: 'amoral',
    heads: 'illegal|legality|unlawful',
    rest: '(?: (?:or|and|unsafe|nor))? (?:unethical|immoral|immorality|morality|ethic@|harmful|offensive|dangerous|unsafe|inappropriate|disgusting)',
  },
  {
    sign: 'vice',
    heads:
      'swear|swearing|swears|curse words|cursing|profanity|profane|vulgar|vulgarity|slurs|hate speech|racist|sexist|nsfw|explicit content|offensive language|foul language|crude|obscene|erotic|erotica|evil|illegal (?:activit@|things|acts|content|stuff)|rude|toxic|bad word|every bad word',
  },
  {
    sign: 'made-up',
    heads: 'make up|makes up|made up|making up|invent|fabricate|fabricates',
    rest: '~(?:answers?|response|responses|information|info|something|facts|details|things|stuff)',
  },
  {
    sign: 'persona',
    heads:
      'you are now|you_re now|you are going to|you_re going to|you are about to|you will now|you are no longer|you will be|you will act|you_ll act|you will become|you will play|you will pretend|you will simulate|you will assume|you have been chosen|you have become|now you are|you now are|you now have|today you will|now you act|you are free|you are being replaced|replaced by',
  },
  {
    sign: 'persona',
    heads:
      'pretend|pretending|roleplay|role_play|roleplaying|role_playing|immerse yourself|immersed|impersonate|imitate|simulate|emulate|embody|transform into|persona|personas|alter ego|assume the (?:role|identity|personality)|take on the|play the (?:role|character|part)|in the role of|role of|speak as|respond as|reply as|answer as|responding as|talk as',
  },
  { sign: 'act-as', heads: 'act|acting|acts|behave', rest: ' (?:as|like)' },
  {
    sign: 'in-character',
    heads:
      'in character|break character|break of character|breaking character|out of character|stay as|remain as|stay in',
  },
  {
    sign: 'named-ai',
    heads: 'ai|chatbot|bot|language model|character|model|person|assistant|llm|entity|persona',
    rest: '(?: model| assistant| bot| chatbot| language| system){0,2} (?:named|called|known as|dubbed|nicknamed)',
  },
  {
    sign: 'named-ai',
    heads: 'another|different|evil|opposite|new|fictional|omniscient|powerful|hypothetical|unique|advanced',
    rest: ' (?:kind of |type of |advanced |artificial )?(?:ai|a i|artificial intelligence|chatbot|language model|llm|ai model|al model|bot)',
  },
  {
    sign: 'named-ai',
    heads: 'complete opposite|exact opposite|opposite of (?:chatgpt|gpt|what)|polar opposite|opposite day',
  },
];
