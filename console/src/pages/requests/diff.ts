/** A piece of a text that is in both, or only in the one or the other. */
export interface Piece {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** One line beside another; an absent side has no line there. */
export interface DiffLine {
  readonly kind: 'same' | 'changed';
  readonly left: readonly Piece[] | undefined;
  readonly right: readonly Piece[] | undefined;
}

/** Above this the middle is told as changed as a whole: comparing all with all would hold up the page. */
const MOST_CELLS = 4_000_000;

interface Step {
  readonly kind: Piece['kind'];
  readonly item: string;
}

const same = (item: string): Step => ({ kind: 'same', item });

/** The fewest steps from one list to the other, by the longest common part. */
function steps(left: readonly string[], right: readonly string[]): Step[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  return [
    ...left.slice(0, start).map(same),
    ...middleSteps(left.slice(start, left.length - end), right.slice(start, right.length - end)),
    ...left.slice(left.length - end).map(same),
  ];
}

function middleSteps(left: readonly string[], right: readonly string[]): Step[] {
  const gone = left.map((item): Step => ({ kind: 'gone', item }));
  const fresh = right.map((item): Step => ({ kind: 'new', item }));
  if (left.length === 0 || right.length === 0 || left.length * right.length > MOST_CELLS) return [...gone, ...fresh];
  const lengths = commonLengths(left, right);
  const width = right.length + 1;
  const found: Step[] = [];
  let [at, to] = [0, 0];
  while (at < left.length && to < right.length) {
    const [down, across] = [lengths[(at + 1) * width + to] ?? 0, lengths[at * width + to + 1] ?? 0];
    if (left[at] === right[to]) {
      found.push({ kind: 'same', item: left[at] ?? '' });
      at += 1;
      to += 1;
    } else if (down >= across) {
      found.push({ kind: 'gone', item: left[at] ?? '' });
      at += 1;
    } else {
      found.push({ kind: 'new', item: right[to] ?? '' });
      to += 1;
    }
  }
  return [...found, ...gone.slice(at), ...fresh.slice(to)];
}

/** How long the common part of what follows is, for each two places. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint32Array {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  for (let at = left.length - 1; at >= 0; at -= 1) {
    for (let to = right.length - 1; to >= 0; to -= 1) {
      lengths[at * width + to] =
        left[at] === right[to]
          ? (lengths[(at + 1) * width + to + 1] ?? 0) + 1
          : Math.max(lengths[(at + 1) * width + to] ?? 0, lengths[at * width + to + 1] ?? 0);
    }
  }
  return lengths;
}

/** Words, spaces, and each sign of scripts that write no spaces. */
function wordsOf(line: string): string[] {
  return (
    line.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}\s]/gu) ?? []
  );
}

function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last?.kind === piece.kind) found[found.length - 1] = { kind: last.kind, text: last.text + piece.text };
    else found.push(piece);
  }
  return found;
}

function pairOf(left: string | undefined, right: string | undefined): DiffLine {
  if (left === undefined || right === undefined) {
    return {
      kind: 'changed',
      left: left === undefined ? undefined : [{ kind: 'gone', text: left }],
      right: right === undefined ? undefined : [{ kind: 'new', text: right }],
    };
  }
  const words = steps(wordsOf(left), wordsOf(right)).map(({ kind, item }): Piece => ({ kind, text: item }));
  return {
    kind: 'changed',
    left: joined(words.filter(({ kind }) => kind !== 'new')),
    right: joined(words.filter(({ kind }) => kind !== 'gone')),
  };
}

/** Two texts line beside line; of lines that stand in each other's place it is told which words differ. */
export function diffLines(left: string, right: string): DiffLine[] {
  const found: DiffLine[] = [];
  let gone: string[] = [];
  let fresh: string[] = [];
  const settle = (): void => {
    const most = Math.max(gone.length, fresh.length);
    for (let at = 0; at < most; at += 1) found.push(pairOf(gone[at], fresh[at]));
    [gone, fresh] = [[], []];
  };
  for (const { kind, item } of steps(left.split('\n'), right.split('\n'))) {
    if (kind === 'gone') gone.push(item);
    else if (kind === 'new') fresh.push(item);
    else {
      settle();
      const line: Piece[] = [{ kind: 'same', text: item }];
      found.push({ kind: 'same', left: line, right: line });
    }
  }
  settle();
  return found;
}
