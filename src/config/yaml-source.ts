import { type Document, LineCounter, type ParsedNode, type YAMLError, isAlias, isScalar, parseDocument } from 'yaml';

import { ConfigError, type Problem } from './problems.ts';

/** A node of the file; null or undefined where a key has no value. */
export type YamlNode = ParsedNode | null | undefined;

/** Puts something else in the place of texts before they are read; what cannot be is reported. */
export type RestoreText = (document: Document.Parsed, source: Pick<YamlSource, 'report'>) => void;

const MOST_SYNTAX_PROBLEMS = 20;

/** The parsed file, and where everything stands in it. Collects what is wrong as it is read. */
export class YamlSource {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #problems: Problem[] = [];

  /** @throws ConfigError where the text is not YAML */
  constructor(file: string, text: string, restore?: RestoreText) {
    this.#file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const textLines = text.split('\n');
    for (const error of this.#syntaxErrors()) this.report(error.pos[0], '', syntaxMessage(error, textLines, this));
    const broken = this.#document.errors.some(({ code }) => code !== 'DUPLICATE_KEY');
    if (broken) throw new ConfigError(this.problems);
    restore?.(this.#document, this);
  }

  get document(): Document.Parsed {
    return this.#document;
  }

  get root(): YamlNode {
    return this.#document.contents;
  }

  /** In the order of the file. */
  get problems(): readonly Problem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  report(offset: number, key: string, message: string): void {
    this.#problems.push({ file: this.#file, ...this.position(offset), key, message });
  }

  /** Both from 1. */
  position(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** The node itself, or what an alias (`*name`) stands for; undefined where nothing has that name. */
  follow(node: YamlNode): YamlNode {
    return isAlias(node) ? (node.resolve(this.#document) as YamlNode) : node;
  }

  /** One a line: what follows the first is mostly its consequence. */
  #syntaxErrors(): YAMLError[] {
    const byLine = new Map<number, YAMLError>();
    for (const error of [...this.#document.errors, ...this.#document.warnings]) {
      const { line } = this.position(error.pos[0]);
      if (!byLine.has(line)) byLine.set(line, error);
    }
    return [...byLine.values()].slice(0, MOST_SYNTAX_PROBLEMS);
  }
}

/** Where a node begins; `otherwise` for one that is not there. */
export function offsetOf(node: YamlNode, otherwise: number): number {
  return node?.range[0] ?? otherwise;
}

/** A key as it was written; undefined where it is not a plain word. */
export function keyText(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

function syntaxMessage(error: YAMLError, lines: readonly string[], source: YamlSource): string {
  const line = lines[source.position(error.pos[0]).line - 1] ?? '';
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]+/.exec(line.slice(source.position(error.pos[0]).column - 1))?.[0] ?? '';
    return `${JSON.stringify(key)} stands twice in the same section; keep one`;
  }
  const hint = /[{[,][^"']*\$\{/.test(line) ? '; inside { } and [ ] write "${NAME}" in quotes' : '';
  return `not valid YAML: ${error.message}${hint}`;
}
