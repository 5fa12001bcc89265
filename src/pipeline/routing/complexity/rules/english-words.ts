/**
 * What English texts say of how demanding they are. Entries are words or phrases in lower case, parted by `|`; `*` stands
 * for the rest of a word, or for a word; `[sz]` for either letter. They are looked for as whole words.
 */

/** Conclusions over several steps are asked for. */
export const REASONING = `
  prove|proof|proofs|disprove|theorem*|lemma*|corollary|derive|derives|derived|derivation*|deduce*|deduction|step by step|
  step-by-step|chain of thought|think carefully|think through|reason through|show your reasoning|show your work|
  show all work|logic puzzle|riddle*|paradox*|by induction|by contradiction|counterexample*|counter-example*|
  if and only if|necessary and sufficient|np-hard|np-complete|time complexity|worst case|worst-case|asymptotic*|
  optimal|maximi[sz]e*|minimi[sz]e*|root cause*|race condition*|deadlock*|
  game theor*|nash equilibri*|bayes*|converge*|halting problem|invariant*|
  knights and knaves|truth-teller*|who is lying|can be concluded|what follows from|formal verif*|formally verif*|lower bound|upper bound
`;

/** Something has to be weighed, explained or planned. */
export const ANALYSIS = `
  analy[sz]e*|analy[sz]ing|analysis|analyses|compare|comparing|comparison*|contrast|evaluate*|evaluating|assess|
  assessment*|trade-off*|tradeoff*|pros and cons|advantages and disadvantages|strengths and weaknesses|implications|
  critique*|critically|justify|argue|argument for|argument against|recommend*|strategy|strategies|strategic|design|
  designing|architect*|roadmap|diagnose*|troubleshoot*|debug|debugging|investigate*|explain why|explain how|why does|
  why do|why is|why are|why did|why would|how would you|how does * affect|how do * interact|impact of|effect of|effects of|
  consequences|forecast*|estimate|reconcile*|synthesi[sz]e*|interpret|interpretation|hypothes*|under what conditions|
  what would happen|what if|plan for|plan to|in depth|in-depth|in detail|detailed|comprehensive*|thorough*|nuanced|
  discuss|due diligence|feasib*|optimi[sz]e*|optimi[sz]ation*|causal*|infer|inference*|migrate|migration|scalab*|edge case*|failure mode*|threat model*|bottleneck*
`;

/** Something is to be understood, in a paragraph. */
export const EXPLAINING = `
  explain|describe|outline|difference between|differences between|how does|how do|how did|how to|ideas for|suggest*|tips for|
  example|examples|bullet points|steps to|side effects|in simple terms|for a beginner|walk me through|overview|introduction to|
  say why|relationship between|similarities|meaning behind|history of
`;

/** Something has to be made. */
export const CREATION = `
  write|draft|compose|implement*|build|create|develop|refactor*|rewrite|program|script|essay|article|blog post|report|
  proposal|story|short story|poem|novel|screenplay|speech|business plan|curriculum|syllabus|white paper|whitepaper|
  documentation|specification|unit test*|test suite|contract|cover letter|press release|presentation|prototype|code review|
  marketing plan|itinerary|lesson plan|policy document|case study|literature review|thesis|dissertation
`;

export const MATHS = `
  equation*|integral*|integrate|derivative*|differentia*|matrix|matrices|determinant*|probabilit*|polynomial*|eigen*|
  vector space*|modulo|prime number*|prime factor*|solve for|calculate*|calculating|calculation*|compute|percent|percentage*|
  ratio of|average of|sum of|product of|difference between the|square root*|cube root*|logarithm*|exponent*|factorial*|
  permutation*|combinatori*|how many|how much|in total|altogether|remaining|left over|twice as|three times as|half as|
  half of|each day|per day|per hour|per week|per month|miles per|interest rate*|compound interest|standard deviation|
  variance|expected value|hypotenuse|triangle*|perimeter|volume of|area of|velocity|acceleration|homomorphi*|isomorphi*|
  subgroup*|abelian|manifold*|topolog*|fourier|laplace|geometric series|arithmetic sequence|recurrence|quadratic|inequality
`;

export const CODE = `
  python|javascript|typescript|java|c\\+\\+|rust|golang|kotlin|swift|sql|bash|regex|regular expression*|api|endpoint*|
  function|class|method|compiler|stack trace|traceback|exception|segfault|segmentation fault|null pointer|async|await|
  thread*|mutex|database|schema|query|queries|index|docker*|kubernetes|terraform|react|django|postgres*|redis|git|
  algorithm*|data structure*|linked list|binary tree|hash map|hash table|recursion|recursive|pointer*|big-o|leetcode|
  microservice*|distributed system*|concurren*|garbage collect*|memory leak*|deploy*|pipeline
`;

/** Fields in which a plausible answer is not enough. */
export const EXPERT = `
  patient|patients|diagnosis|differential diagnosis|symptom*|prognosis|dosage|contraindicat*|tort|plaintiff|defendant|
  statute*|jurisdiction|liability|negligence|constitutional|amendment|indemnif*|gdpr|hipaa|compliance|quantum|
  thermodynamic*|entropy|enthalpy|equilibrium|isotope*|nuclei|enzyme*|genome*|genotype*|phenotype*|mrna|protein*|
  electron*|oxidation|molar|titration|magnetic field*|wavelength*|circuit*|voltage|derivatives market|hedge|hedges|hedging|
  balance sheet|cash flow*|depreciation|amorti*|monetary policy|elasticity|marginal|econometric*|heteroskedastic*|
  regression|epistemolog*|ontolog*|metaphysic*|utilitarian*|deontolog*|kant|jurisprudence
`;

/** What the answer has to keep to. */
export const CONSTRAINTS = `
  must|must not|should not|do not|don't|at most|at least|no more than|no less than|not more than|exactly|only use|
  without using|except|provided that|subject to|given that|assuming|assume|constraint*|requirement*|as long as|unless|
  in json|as json|in yaml|as a table|in the form|in the format|word limit|words or less|between * and|
  in the style of|make sure|ensure|consider|including|taking into account
`;

/** One thing after the other. */
export const SEQUENCE = `first|firstly|second|secondly|then|next|finally|lastly|afterwards|after that|at the same time|meanwhile`;

/** Something that stands in the text already is to be said in another way. */
export const TRANSFORMING = `
  translate|translation|spell|spelling|synonym*|antonym*|classify|categori[sz]e|extract|summari[sz]e|summary|tl;dr|
  fix the grammar|correct the grammar|grammar|proofread|rephrase|paraphrase|shorten|convert|format this|capitali[sz]e|
  sentiment|positive or negative|yes or no|true or false|one word|one sentence|in a sentence|list the|give me a list
`;

/** Facts and small talk. */
export const LOOKING_UP = `
  hi|hello|hey|thanks|thank you|good morning|good evening|bye|goodbye|ok|okay|please|what is|what's|what are|who is|who was|
  who wrote|when is|when was|when did|when does|where is|where are|where can i|where do i|which country|capital of|define|
  definition of|meaning of|what does * mean|how old|how tall|what time|what day|opening hours|phone number|address|price of|
  how do i|how can i|can i|do you|does it|is there|is it|are there|is my|my card|my order|my account|my password|refund*|
  cancel|shipping|delivery|track|reset
`;
