import { type Document, type Node, type Scalar, isMap, isScalar, isSeq } from 'yaml';

import { joinKey } from '../problems.ts';
import { keyText } from '../yaml-source.ts';

/** A single value of a document, with where it stands in the text. */
export interface PlacedScalar {
  readonly node: Scalar;
  /** `providers.openai.apiKeys[0]`; undefined of the words to the left of a colon. */
  readonly path: string | undefined;
  /** The last name of the path. */
  readonly name: string;
  readonly start: number;
  /** Behind its last character that is no space. */
  readonly end: number;
}

/** Every single value that is written somewhere, each once: not where an alias stands for it. */
export function placedScalars(document: Document.Parsed, text: string): PlacedScalar[] {
  const found: PlacedScalar[] = [];
  const visit = (node: Node | null | undefined, path: string, name: string): void => {
    if (isScalar(node)) found.push(...placed(node, path, name, text));
    else if (isSeq(node)) node.items.forEach((item, at) => visit(item as Node, `${path}[${at}]`, name));
    else if (isMap(node)) {
      for (const { key, value } of node.items) {
        const word = keyText(key) ?? '';
        if (isScalar(key)) found.push(...placed(key, undefined, '', text));
        else visit(key as Node, path, name);
        visit(value as Node, joinKey(path, word), word);
      }
    }
  };
  visit(document.contents, '', '');
  return found.toSorted((a, b) => a.start - b.start);
}

function placed(node: Scalar, path: string | undefined, name: string, text: string): PlacedScalar[] {
  if (!node.range) return [];
  const [start, behind] = node.range;
  const end = start + text.slice(start, behind).trimEnd().length;
  return end > start ? [{ node, path, name, start, end }] : [];
}
