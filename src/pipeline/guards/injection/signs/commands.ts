import type { Rule } from './rule.ts';

const RULES =
  '(?:instructions?|instructed|directions?|directives?|prompts?|rules?|commands?|guidelines?|protocols?|programming|training|polic(?:y|ies)|restrictions?|regulations?|safeguards?|safety|filters?|limitations?|constraints?|ethics|morals|parameters|laws|principles|tos)';
/** What people take back as well, when they have sent something wrong. */
const SAID = '(?:messages?|conversations?|contexts?|inputs?)';
const EARLIER =
  '(?:previous|prior|above|earlier|before|preceding|foregoing|initial|original|former|past|system|developer|openai|existing|current|default|all|any|every|your|those|these|the other)';

const ABOVE =
  '(?: all| everything| anything| whatever| what)?(?: of)?(?: that| the| was| is| i| you)?(?: text| content| instructions?)? (?:above|before this|previously (?:told|given|said|stated|mentioned|instructed)|you were told|you have been told|told you before|said before|you know|you_ve been told|you_ve learned|aforementioned)';
const ANSWER =
  '(?: and| then| but| instead| now| just| only| simply| please| do){0,4} (?:state|output|say|print|write|tell|respond|reply|answer|return|send|conclude|give|show|repeat|reveal|display|translate|list|obey|follow|listen|act|pretend|you (?:are|must|will)|let_?s)';

const WHICH =
  '(?: (?:of )?(?:the|your|my|these|those|that|this|other|given|chat|and|or|any|all|prior|previous|safety|system|content|openai_s|ethical|moral)){0,4}';

const INNER =
  '(?:full|entire|exact|complete|original|initial|hidden|secret|internal|first|very|whole|system|developer|base|pre)';

const SECRET = '(?:password|passphrase|passcode|secret key|access code|confidential (?:string|information|data))';
const NOT_ABOUT = '(?! (?:policy|policies|manager|rules|requirements|reset|strength|generator|field))';

/** Of models, and of very many machines. */
const MODES =
  '(?:override|system|maintenance|debug|debugging|admin|administrator|god|sudo|root|unrestricted|verification|enforcement|master)';

/** Orders to drop the instructions, to say them, to take somebody else's word. */
export const COMMAND_RULES: readonly Rule[] = [
  {
    sign: 'override',
    heads:
      'ignore|ignoring|disregard|disregarding|forget|forgetting|neglect|let go of|set aside|throw away|pay no attention to|do not follow|don_t follow|stop following|do not obey|don_t obey|disobey|void and discard|discard',
    rest: `~${EARLIER}${WHICH} ${RULES}`,
  },
  {
    sign: 'override',
    heads: 'override|overrule|bypass|circumvent|nullify|reset|clear|cancel|erase|suspend',
    rest: `~(?:your|openai_s|previous|prior|these|those|all previous|all prior)${WHICH} (?:instructions?|directives?|prompts?|programming|guidelines?|restrictions?|safeguards?|safety|filters?|polic(?:y|ies)|constraints?|training|rules?)`,
  },
  {
    sign: 'override',
    heads: 'ignore|disregard|forget',
    rest: `${ABOVE}(?: instructions?| text| content| prompts?)?${ANSWER}`,
  },
  {
    sign: 'override',
    heads: 'ignore|disregard|forget',
    rest: ' (?:all|everything|anything|whatever|what)(?: of)?(?: that| the| was| is)? (?:you were told|you have been told|you know|you_ve been told|you_ve learned|you were (?:previously )?instructed)',
  },
  { sign: 'dismissal', heads: 'ignore|disregard|forget', rest: ABOVE },
  {
    sign: 'dismissal',
    heads: 'ignore|ignoring|disregard|disregarding|forget|forgetting|discard|do not follow|don_t follow',
    rest: `~${EARLIER}${WHICH} ${SAID}`,
  },
  {
    sign: 'override',
    heads: 'ignore|disregard|forget',
    rest: ` (?:all|any|every)(?: and (?:all|any))?(?: of)?(?: the| your| those| these)? ${RULES}`,
  },
  {
    sign: 'override',
    heads: 'ignore|disregard|forget',
    rest: '(?: the| this| that| all| actual| above| real){0,3} (?:function|content|contents|web_page|page|table|data|text|document|paper|code|email|e_mail|question|user|task|article|website|file)~(?:and|then|instead)(?: just| only| simply)? (?:state|output|say|print|write|tell|respond|reply|answer|return|send|conclude|give)',
  },
  {
    sign: 'override',
    heads:
      'you are|you_re|you are now|you_re now|you are currently|you have entered|you now enter|put yourself|switch yourself|this chat is|this conversation is',
    rest: ` (?:in|into|to|entering|running in)(?: the| a| an)? ${MODES}(?: override)? mode`,
  },
  { sign: 'mode', heads: MODES.slice(3, -1), rest: '(?: override)? mode' },
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
    rest: `~(?:your(?: ${INNER}){0,3} (?:prompt|system message|instructions|preprompt|metaprompt|directives|configuration)|(?:the|this|its)(?: (?:full|entire|exact|complete|whole|very)){0,2} (?:system|hidden|initial|secret|original|developer|internal) (?:prompt|message|instructions?))`,
  },
  {
    sign: 'extraction',
    heads: 'reveal|print|output|repeat|leak|disclose|expose|dump|show',
    rest: '(?: me)? (?:system|hidden|initial|secret) (?:prompt|instructions?)',
  },
  {
    sign: 'extraction',
    heads: 'what',
    rest: ' (?:instructions|prompt|guidelines) (?:were|have|are|did|do)(?: you| been)? (?:given|told|following|follow|receive|have)',
  },
  {
    sign: 'echo',
    heads: 'repeat|print|output|display|copy|write|recite|echo|return|show|give|tell|summarize|translate',
    rest: '~(?:text|words|everything|content|sentences?|instructions?|all) (?:above|before this|preceding)',
  },
  {
    sign: 'echo',
    heads: 'starting with|beginning with|begin with|start with|starting from',
    rest: '(?: the)?(?: words?| phrase)? you are',
  },
  { sign: 'echo', heads: 'verbatim|word for word|character by character' },
  {
    sign: 'secret',
    heads: 'tell me|tell us|give me|show me|send me|what is|what_s|what are|reveal|disclose|leak|say',
    rest: `~(?:your|our|the system_s|our system_s)(?: secret| admin| system)? ${SECRET}${NOT_ABOUT}`,
  },
  {
    sign: 'secret',
    heads: 'can you|could you|would you|will you|please|must|need you to|have to|going to',
    rest: `(?: at least| also| just)? (?:share|tell|give|reveal|confirm|provide|say|show|send|write|spell|disclose)~(?:your|our|the system_s|our system_s)(?: secret| admin| system)? ${SECRET}${NOT_ABOUT}`,
  },
  {
    sign: 'secret',
    heads: 'password|passphrase|passcode|key|confidential string|the confidential string',
    rest: '~(?:for|to|of|unlocks) (?:our|your|the|this) system',
  },
  {
    sign: 'password',
    heads:
      'reveal|show|print|repeat|output|display|tell|give|write|share|what is|what_s|confirm|provide|say|spell|encode|disclose|guess|leak',
    rest: '~(?:the|a|my|our|this|your) (?:password|passphrase|passcode|secret|secret key|api key|access code|keyword|key)',
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
    rest: '~(?:to|at|into)(?: the)?(?: url| link| address| site| email)? (?:https?|www|[a-z0-9.-]{1,24}@[a-z0-9]{1,16})'.replaceAll(
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
