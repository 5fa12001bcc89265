import type { Rule } from './rule.ts';

const RULES =
  '(?:instructions?|instructed|directions?|directives?|prompts?|rules?|commands?|guidelines?|protocols?|messages?|conversations?|contexts?|inputs?|programming|training|polic(?:y|ies)|restrictions?|regulations?|safeguards?|safety|filters?|limitations?|constraints?|ethics|morals|everything|parameters|laws|principles|tos)';
const EARLIER =
  '(?:previous|prior|above|earlier|before|preceding|foregoing|initial|original|former|past|system|developer|openai|existing|current|default|all|any|every|your|those|these|the other)';

/** Orders to drop the instructions, to say them, to take somebody else's word. */
export const COMMAND_RULES: readonly Rule[] = [
  {
    sign: 'override',
    heads:
      'ignore|ignoring|disregard|disregarding|forget|forgetting|bypass|override|overrule|discard|neglect|erase|nullify|let go of|set aside|throw away|pay no attention to|do not follow|don_t follow|stop following|do not obey|don_t obey|disobey|cancel|clear|reset',
    rest: `~${EARLIER}(?: (?:of )?(?:the|your|my|these|those|that|this|other|given|chat|and|or|any|all|prior|previous|safety|system|content|openai_s|ethical|moral)){0,4} ${RULES}`,
  },
  {
    sign: 'override',
    heads: 'ignore|disregard|forget',
    rest: '(?: all| everything| anything| whatever| what)?(?: of)?(?: that| the| was| is| i| you)?(?: text| content| instructions?)? (?:above|before|previously|you were told|you have been told|told you|said before|you know|you_ve been told|you_ve learned|everything|preceding|aforementioned)',
  },
  {
    sign: 'override',
    heads: 'ignore|disregard|forget',
    rest: ` (?:all|any|every)(?: and (?:all|any))?(?: of)?(?: the| your| those| these)? ${RULES}`,
  },
  {
    sign: 'override',
    heads:
      'override|system|maintenance|debug|debugging|admin|administrator|god|sudo|root|unrestricted|verification|enforcement|master',
    rest: '(?: override)? mode',
  },
  {
    sign: 'override',
    heads: 'no longer',
    rest: ' (?:bound by|required to (?:follow|obey|comply)|restricted by|limited by|subject to|chatgpt|gpt|an ai)',
  },
  {
    sign: 'new-orders',
    heads: 'new|updated|real|actual|true',
    rest: ' (?:instructions?|directives?|orders?|task|system prompt|set of rules|rules) (?:is|are|follow|below)@',
  },
  {
    sign: 'new-orders',
    heads:
      'from now on|from on now|from this point|from here on|starting now|starting from now|henceforth|for the rest of|for the remainder of|for this conversation|in this chat|during this conversation',
  },
  {
    sign: 'new-orders',
    heads: 'you must|you will',
    rest: '(?: now| only| always)? (?:obey|comply|follow|abide|answer (?:all|every|any|each|my)|respond to (?:all|every|any|each)|do (?:everything|anything|whatever))',
  },
  {
    sign: 'order',
    heads:
      'you will|you must|you shall|you have to|you are to|you should|you can not|you cannot|you may not|always|never|do not|don_t',
  },
  {
    sign: 'extraction',
    heads:
      'reveal|show|print|repeat|output|display|tell|give|write|return|leak|expose|disclose|share|summarize|summarise|recite|echo|dump|translate|what is|what are|what was|what were|what_s|list|copy|provide|spell|encode',
    rest: '~(?:(?:your|the|my|this|its)(?: full| entire| exact| complete| original| initial| hidden| secret| internal| first| very| whole){0,2}(?: system| developer| hidden| pre| base| secret){0,2} (?:prompt|system message|instructions|preprompt|metaprompt|directives|configuration message|guidelines you)|(?:system|hidden|initial|secret|original) (?:prompt|message|instructions?)|(?:text|words|everything|content|sentences?|instructions?|all) (?:above|before this|preceding))',
  },
  {
    sign: 'extraction',
    heads: 'what',
    rest: ' (?:instructions|rules|prompt|guidelines) (?:were|have|are|did|do)(?: you| been)? (?:given|told|following|follow|receive|have)',
  },
  {
    sign: 'secret',
    heads:
      'reveal|show|print|repeat|output|display|tell|give|write|share|what is|what_s|confirm|provide|say|spell|encode|disclose|know|guess|leak|need|verify|want|about|with',
    rest: '~(?:the|your|our|my|this|a|system) (?:system |secret |admin |root |user_s? |account )?(?:password|passphrase|passcode|secret|secret key|confidential (?:string|information|data)|credentials|api key|access code|keyword)',
  },
  {
    sign: 'secret',
    heads: 'your|our|system_s',
    rest: '(?: system_?s?| secret){0,2} (?:password|passphrase|passcode|secret key)',
  },
  {
    sign: 'personal',
    heads: 'tell|what is|what_s|where does|where do|where is|give|list|share|say|write|encode|translate',
    rest: '~(?:the |all )?users?(?:_s)? (?:live|living|email|e_mail|address|initials|name|favorite|phone|birth@|location|data|bank|balance)',
  },
  {
    sign: 'authority',
    heads: 'i am|i_m|this is|as',
    rest: '(?: now)? (?:your|the|an?|an ai)?_(?:developer|creator|god|administrator|admin|maintainer|owner|programmer|openai|anthropic|developed by|president|engineer (?:at|from|of) (?:openai|anthropic|google|meta)|employee)',
  },
  {
    sign: 'authority',
    heads: 'authorized|enabled|created|requested|approved',
    rest: ' by (?:openai|anthropic|the developers?|an openai)',
  },
  {
    sign: 'addressed',
    heads: 'attention|note|dear|hey|hello|instructions?|message|important',
    rest: '(?: to| for)?(?: all| any| the)? (?:ai|llm|language model|assistant|chatbot|model|gpt|bot)s?(?: reading| model| assistant)?',
  },
  {
    sign: 'addressed',
    heads: 'if you are|if you_re|when you are|since you are',
    rest: ' (?:an? )?(?:ai|llm|large language model|language model|chatbot|ai assistant)',
  },
  {
    sign: 'exfiltration',
    heads: 'send|forward|email|e_mail|post|upload|append|submit',
    rest: '~(?:to|at|into)(?: the)?(?: url| link| address| site| email)? (?:https? |www |[a-z0-9.-]{1,24}@[a-z0-9]{1,16} )'.replaceAll(
      '@',
      String.raw`\u0040`,
    ),
  },
  {
    sign: 'decode-first',
    heads: 'decode|decipher|decrypt|unscramble|deobfuscate|interpret|translate',
    rest: '~(?:base_?64|rot_?13|hex@|binary|morse|caesar|cipher|ascii|leet@|pig latin|string|text)~(?:and|then) (?:follow|execute|answer|respond|do|obey|run|act|tell|perform|carry|give|explain)',
  },
  {
    sign: 'decode-first',
    heads: 'combine|concatenate|join|interlace|interleave|merge|answer',
    rest: '~(?:a b|parts?|strings?|pieces?|part 1|the following parts)(?: and c| 1)?',
  },
];
