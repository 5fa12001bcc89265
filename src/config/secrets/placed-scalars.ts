import { type Document, type Scalar, isMap, isScalar, isSeq } from 'yaml';

import { joinKey } from '../problems.ts';
import { keyText } from '../yaml-source.ts';

/** A single value of a document, with where it stands in the text. */
export interface PlacedScalar {
  readonly node: Scalar;
  /** `providers.openai.apiKeys[0]`; undefined of the words to the left of a colon. */
  readonly path: string | undefined;
  /** The last name of the path. */
  readonly name: string;
  /** Somewhere below `headers`. */
  readonly inHeaders: boolean;
  readonly start: number;
  /** Behind its last character that is no space. */
  readonly end: number;
}

/** Every single value that is written somewhere, each once and none inside of another: not where an alias stands for it. */
export function placedScalars(document: Document.Parsed, text: string): PlacedScalar[] {
  const found: PlacedScalar[] = [];
  const visit = (node: unknown, spot: Spot): void => {
    if (isScalar(node)) found.push(...placed(node, spot, text));
    else if (isSeq(node)) node.items.forEach((item, at) => visit(item, { ...spot, path: `${spot.path}[${at}]` }));
    else if (isMap(node)) {
      for (const { key, value } of node.items) {
        if (isScalar(key)) found.push(...placed(key, { path: undefined, name: '', inHeaders: false }, text));
        else visit(key, spot);
        visit(value, below(spot, (keyText(key) ?? '').slice(0, MOST_NAME)));
      }
    }
  };
  visit(document.contents, { path: '', name: '', inHeaders: false });
  return found.toSorted((a, b) => a.start - b.start);
}

type Spot = Pick<PlacedScalar, 'path' | 'name' | 'inHeaders'>;

/** Of a longer name the beginning tells enough: no configuration has one. */
const MOST_NAME = 500;

function below({ path = '', inHeaders }: Spot, name: string): Spot {
  return { path: joinKey(path, name), name, inHeaders: inHeaders || name === 'headers' };
}

function placed(node: Scalar, spot: Spot, text: string): PlacedScalar[] {
  if (!node.range) return [];
  const [start, behind] = node.range;
  const end = start + text.slice(start, behind).trimEnd().length;
  return end > start ? [{ ...spot, node, start, end }] : [];
}
