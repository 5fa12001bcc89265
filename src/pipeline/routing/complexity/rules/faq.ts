/** How alike the words of two questions have to be; below that one of them asks for more or for something else. */
const NEAR = 0.8;
/** A longer question asks for more than a list of questions knows. Code units. */
const LONGEST = 400;
/** Of an operator's list. */
const MOST_QUESTIONS = 5000;
/** Entries that have a word in common with a question and are compared with it; those with its rarest words. */
const MOST_COMPARED = 64;

/** Words that say nothing of what is asked. */
const IDLE = new Set(
  'a an the is are am was were be do does did to of in on at for and or my your our i you we it this that please can could would will me how what with from there hi hello hey'.split(
    ' ',
  ),
);
const DENIES = /\b(?:not|no|never|without|cannot)\b|n't\b|[不没别无未勿]/u;
const DIGITS = /\d+/g;
const WORD = /[\p{L}\p{N}]+/gu;
const HAN_RUN = /\p{Script=Han}+/gu;

interface Entry {
  readonly words: ReadonlySet<string>;
  readonly numbers: string;
  readonly denies: boolean;
}

/** The operator's questions that are always simple. */
export class FaqList {
  readonly #exact = new Set<string>();
  readonly #entries: Entry[] = [];
  /** Word → entries that have it. */
  readonly #byWord = new Map<string, number[]>();

  /** @param questions the first 5,000 count */
  constructor(questions: readonly string[]) {
    for (const question of questions.slice(0, MOST_QUESTIONS)) this.#add(question);
  }

  /** Whether it is one of them: the same but for case, signs and spaces, or with nearly the same words. */
  has(question: string): boolean {
    if (this.#exact.size === 0 || question.length > LONGEST) return false;
    const plain = plainText(question);
    if (this.#exact.has(squeezed(plain))) return true;
    const asked = entryOf(plain);
    return this.#near(asked).some((entry) => isNear(asked, entry));
  }

  #add(question: string): void {
    const plain = plainText(question.slice(0, LONGEST));
    if (squeezed(plain) === '') return;
    this.#exact.add(squeezed(plain));
    const entry = entryOf(plain);
    const at = this.#entries.push(entry) - 1;
    for (const word of entry.words) {
      const others = this.#byWord.get(word);
      if (others) others.push(at);
      else this.#byWord.set(word, [at]);
    }
  }

  #near({ words }: Entry): Entry[] {
    const lists = [...words].flatMap((word) => {
      const list = this.#byWord.get(word);
      return list ? [list] : [];
    });
    lists.sort((one, other) => one.length - other.length);
    const found = new Set<number>();
    for (const list of lists) {
      for (const at of list) {
        if (found.size >= MOST_COMPARED) break;
        found.add(at);
      }
    }
    return [...found].flatMap((at) => this.#entries[at] ?? []);
  }
}

function plainText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
}

/** Letters and digits alone. */
function squeezed(plain: string): string {
  return plain.match(WORD)?.join(' ') ?? '';
}

function entryOf(plain: string): Entry {
  const words = new Set<string>();
  for (const word of plain.replaceAll(HAN_RUN, ' ').match(WORD) ?? []) if (!IDLE.has(word)) words.add(stemOf(word));
  for (const run of plain.match(HAN_RUN) ?? []) {
    if (run.length === 1) words.add(run);
    for (let at = 0; at + 1 < run.length; at += 1) words.add(run.slice(at, at + 2));
  }
  return { words, numbers: (plain.match(DIGITS) ?? []).join(), denies: DENIES.test(plain) };
}

/** `cards` and `card` are one word here. */
function stemOf(word: string): string {
  return word.length > 3 ? word.replace(/s$/, '') : word;
}

/** Dice's coefficient of their words; numbers and a denial have to be the same. */
function isNear(one: Entry, other: Entry): boolean {
  const sizes = one.words.size + other.words.size;
  if (sizes === 0 || one.numbers !== other.numbers || one.denies !== other.denies) return false;
  let common = 0;
  for (const word of one.words) if (other.words.has(word)) common += 1;
  return (2 * common) / sizes >= NEAR;
}
