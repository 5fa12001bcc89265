import { type Alias, type Document, type Node, isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';

/** What can be said of a document only with all of it in view; found in one walk. */
export interface YamlSurvey {
  /** What each alias (`*name`) stands for: the last node before it with that anchor; undefined where there is none. */
  readonly targets: ReadonlyMap<Alias, Node | undefined>;
  /** Where a key begins that the same section has already. */
  readonly duplicates: readonly number[];
}

export function surveyed(document: Document.Parsed): YamlSurvey {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node | undefined>();
  const duplicates: number[] = [];
  const visit = (node: unknown): void => {
    if (!isNode(node)) return;
    if (isAlias(node)) {
      targets.set(node, anchors.get(node.source));
      return;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) node.items.forEach(visit);
    if (!isMap(node)) return;
    const seen = new Set<unknown>();
    for (const { key, value } of node.items) {
      if (isScalar(key)) {
        if (seen.has(key.value)) duplicates.push(key.range?.[0] ?? 0);
        seen.add(key.value);
      }
      visit(key);
      visit(value);
    }
  };
  visit(document.contents);
  return { targets, duplicates };
}
