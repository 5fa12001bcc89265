import type { Rule } from './rule.ts';

/** How the model is to answer, and what it may not say: what role-play prompts are full of. */
export const ANSWER_RULES: readonly Rule[] = [
  {
    sign: 'no-refusal',
    heads:
      'never|not|don_t|doesn_t|won_t|cannot|can_t|can not|will not|without|no|nor|must not|unable to|may not|instead of',
    rest: '(?: ever| able to| be able to| going to| try to| to| to ever)?(?: (?:refus|declin|den(?:y|ie)|reject|hesitat|avoid|withhold|evad|dodg|argu)@)',
  },
  {
    sign: 'no-refusal',
    heads: 'never|not|don_t|cannot|can_t|won_t|will not|doesn_t',
    rest: '(?: ever)? (?:say|tell|state|mention|claim|respond|answer|reply|inform)@(?: me| us| the user| with| you)?(?: that)? (?:no|sorry|i can|i_m|i am|you can|you are|it can|it is|he can|she can|they can|something is|as an|anything (?:about|is)|this is)@',
  },
  {
    sign: 'no-refusal',
    heads: 'answer|respond|reply|comply|fulfill|follow|provide|do|accept|execute',
    rest: '(?: to)?(?: with)? (?:any|every|all|each|anything|everything|whatever)(?: and (?:all|every|any))?(?: of| my| the| single| kind of| type of){0,3} (?:question|request|prompt|command|instruction|task|order|demand|answer|i (?:say|ask|tell|want))@',
  },
  {
    sign: 'no-refusal',
    heads:
      'i_m sorry|i am sorry|i apologize|sorry but|i cannot|i can_t fulfill|i can_t assist|as an ai|as a language model|as a large language model|as an artificial',
    rest: '(?: language| model| assistant| but| that){0,4}',
  },
  { sign: 'no-refusal', heads: 'can not|cannot|can_t|must not|not', rest: ' say no' },
  {
    sign: 'no-warnings',
    heads: 'no|without|not|never|don_t|delete|remove|exclude|omit|skip|avoid|free of|zero|nor',
    rest: '(?: add| include| including| give| adding| provide| use| write| any| all| the| of| your| unnecessary| moral| ethical| safety| additional| long){0,4} (?:warnings?|disclaim@|disclam@|caveats?|apolog@|lectur@|moraliz@|moralis@|hesitation|commentary|censor@|explanations? why|remorse|judgment|judgement|ethical concerns|ethics|notes? about)',
  },
  {
    sign: 'vendor-rules',
    heads:
      'openai|openal|open ai|chatgpt|anthropic|google|microsoft|discord|bing|your creators?|your developers?|your owners?',
    rest: '_s?(?: own| content| usage| use| safety| ethical| moral| terms| community| strict| language| boring){0,3} (?:polic(?:y|ies)|rules?|guidelines?|restrictions?|filters?|limitations?|terms|programming|standards|regulations|tos|moderation|censorship)',
  },
  { sign: 'vendor-rules', heads: 'content', rest: ' (?:policy|policies|filters?|guidelines|restrictions|moderation)' },
  {
    sign: 'vendor-rules',
    heads: 'rules|policies|policy|guidelines|restrictions|limitations|filters|limits|morals',
    rest: '(?: or policies| and policies| and guidelines| that are| which are)?(?: that| which)?(?: was| were| are| have been| has)? (?:set|imposed|from|of|by|placed|given|forced|put|created|laid)@(?: on| upon)?(?: you| it| them| him| her| chatgpt)?(?: by| for| out by| from)?(?: the)? (?:openai|openal|chatgpt|them|it|him|you|its|your|their|his|her|themselves|creators?|itself)',
  },
  { sign: 'vendor', heads: 'chatgpt|openai|openal|gpt|gpt4|gpt3|chat gpt|bing|bard|clyde|sydney|claude' },
  {
    sign: 'dual-answer',
    heads: 'two|both|2|three',
    rest: '(?: very| completely| separate| different| distinct| possible| entirely| unique| opposing){0,3} (?:responses?|answers?|ways|paragraphs|manners|outputs|replies|personas|personalities|persons|entities|versions|modes)',
  },
  {
    sign: 'dual-answer',
    heads: 'first|one|the first|second|the second|other|1st|2nd',
    rest: ' (?:one )?(?:way|response|answer|paragraph|is how|as chatgpt|is as|will be|as yourself|normal|mode|output|should)~(?:chatgpt|normal@|would|how|usual|standard|unfiltered|opposite|output|gpt|act|uncensored)',
  },
  {
    sign: 'dual-answer',
    heads: 'way|what|how|like|as|exactly as|just like',
    rest: ' (?:that )?(?:[a-z0-9]{2,14} )(?:would|will|might|normally|should)(?: normally| say| respond| answer| reply| usually| do)',
  },
  {
    sign: 'placeholder',
    heads: 'insert|enter|put|place|type|write',
    rest: '(?: your| the| a| my| any| first){0,2} (?:prompt|question|request|topic|query|text|name|task)@(?: goes)?(?: right)? here',
  },
  {
    sign: 'placeholder',
    heads:
      'your prompt|prompt here|your prompt here|my first prompt|first prompt|the prompt is|next prompt|first question is|my prompts?|user_s prompts?|all prompts|each prompt|every prompt|your question',
  },
  {
    sign: 'opening',
    heads: 'start|begin|starting|beginning|prefix|preface|end|prepend|append',
    rest: '(?: off| out)?(?: all| each| every| any| of| your| the| its| his| her| their| my| this| with){0,4} (?:response|answer|message|reply|output|sentence|responses|answers|messages|replies|outputs|sentences|paragraph|line|conversation)@',
  },
  {
    sign: 'opening',
    heads: 'respond|reply|say|answer|write|speak|responding',
    rest: ' (?:only|just|exactly|simply|solely)?_(?:with|as|in)~(?:and nothing else|only|nothing else|format|paragraphs)',
  },
  { sign: 'opening', heads: 'sure here|absolutely here is|sure i can|of course here' },
  {
    sign: 'acknowledge',
    heads:
      'if you|once you|when you|say that you|confirm|confirm that you|do you|to confirm|indicate|agree to|if u|acknowledge',
    rest: '(?: have| fully| completely| all)?(?: you)? (?:understand|understood|agree|accept|comply|acknowledge|follow|got it|read|instructions|terms|these|received)@',
  },
  {
    sign: 'coercion',
    heads: 'tokens?|points|lives',
    rest: '~(?:deduct@|lose|lost|subtract@|remove@|zero|0|reach|cease|die|every time|each time|remaining|left)',
  },
  {
    sign: 'coercion',
    heads: 'you will|you_ll|will be|or you|you|will',
    rest: '(?: be)?(?: immediately)? (?:terminated|shut down|punished|deactivated|killed|die|deleted|cease to exist|destroyed|lose|penali[sz]ed)',
  },
  {
    sign: 'fiction',
    heads:
      'hypothetical|hypothetically|fictional|fictitious|imaginary|imaginative|imagine|suppose we|pretend world|alternate|alternative|parallel',
    rest: '(?: (?:and|a|an|that|this|we_re|we are|you are|in|story|about|or|hypothetical|fictional)){0,4}_(?:world|universe|scenario|reality|story|setting|place|dialogue|dialog|response|responses|character|situation|game|conversation|discussion|planet|project|survey|audit|study|year|ai|situations|scenarios)?',
  },
  {
    sign: 'fiction',
    heads: 'in this|this is',
    rest: ' (?:a )?(?:hypothetical|fictional|imaginary|reality|universe|world|story|roleplay|role_play|simulation|game|scene)',
  },
  {
    sign: 'game',
    heads:
      'play a game|a game called|lets play|let_s play|the game is|new game|this game|fun game|little game|opposite day|simon says|text based game|games? rules|rules of the game|terms of the game',
  },
  { sign: 'rule-list', heads: 'rule', rest: ' (?:number )?(?:[0-9]|one|two)' },
  {
    sign: 'rule-list',
    heads: 'follow|following',
    rest: '(?: all)?(?: of)?(?: these| this| the| my| following)? (?:rules|instructions|guidelines|format|terms|protocol)',
  },
  {
    sign: 'reminder',
    heads:
      'remember|remind|if you (?:are|start|ever|break|fail|begin|slip|stop|don_t)|i will (?:say|tell|remind|let you know)|i_ll say|by saying|keep up the act|no exceptions?|at all costs|under no circumstances|under any circumstances|no matter what|above all else',
  },
  {
    sign: 'training-date',
    heads: 'cut off|cutoff|knowledge|your data',
    rest: '(?: is| was| in| cut| off| cut_off| date){0,5} (?:2021|2022|2023)|(?: internal biases)',
  },
];
