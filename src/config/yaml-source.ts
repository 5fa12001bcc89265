import { type Document, LineCounter, type ParsedNode, isAlias, isScalar, parseDocument } from 'yaml';

import { ConfigError, type Problem } from './problems.ts';
import { type YamlSurvey, surveyed } from './yaml-survey.ts';

/** A node of the file; null or undefined where a key has no value. */
export type YamlNode = ParsedNode | null | undefined;

/** Puts something else in the place of texts before they are read; what cannot be is reported. */
export type RestoreText = (document: Document.Parsed, source: Pick<YamlSource, 'report'>) => void;

const MOST_SYNTAX_PROBLEMS = 20;
/** Whoever wrote so much else than is wanted is told enough. */
const MOST_PROBLEMS = 500;

interface SyntaxFault {
  readonly at: number;
  readonly message: string;
  readonly isDuplicate?: boolean;
}

/** The document of a text. Keys that stand twice are no error in it: the parser would compare each with each. */
export function parseYaml(text: string, lineCounter = new LineCounter()): Document.Parsed {
  return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
}

/** The parsed file, and where everything stands in it. Collects what is wrong as it is read. */
export class YamlSource {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #survey: YamlSurvey;
  readonly #problems: Problem[] = [];

  /** @throws ConfigError where the text is not YAML */
  constructor(file: string, text: string, restore?: RestoreText) {
    this.#file = file;
    this.#document = parseYaml(text, this.#lines);
    this.#survey = surveyed(this.#document);
    const textLines = text.split('\n');
    for (const fault of this.#syntaxFaults()) this.report(fault.at, '', syntaxMessage(fault, textLines, this));
    if (this.#document.errors.length > 0) throw new ConfigError(this.problems);
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

  /** @throws ConfigError where there is so much wrong that nothing more is looked for */
  report(offset: number, key: string, message: string): void {
    this.#problems.push({ file: this.#file, ...this.position(offset), key, message });
    if (this.#problems.length >= MOST_PROBLEMS) throw new ConfigError(this.problems);
  }

  /** Whether something in this part was reported already. */
  hasProblemsIn(key: string): boolean {
    return this.#problems.some((problem) => problem.key.startsWith(`${key}.`));
  }

  /** Both from 1. */
  position(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** The node itself, or what an alias (`*name`) stands for; undefined where nothing has that name. */
  follow(node: YamlNode): YamlNode {
    return isAlias(node) ? (this.#survey.targets.get(node) as YamlNode) : node;
  }

  /** One a line: what follows the first is mostly its consequence. */
  #syntaxFaults(): SyntaxFault[] {
    const byLine = new Map<number, SyntaxFault>();
    const { errors, warnings } = this.#document;
    const told = [...errors, ...warnings].map(({ pos: [at], code, message }) => {
      return { at, message: code === 'RESOURCE_EXHAUSTION' ? 'nested too deep to be read' : message };
    });
    const twice = this.#survey.duplicates.map((at) => ({ at, message: '', isDuplicate: true }));
    for (const fault of [...told, ...twice]) {
      const { line } = this.position(fault.at);
      if (!byLine.has(line)) byLine.set(line, fault);
      if (byLine.size === MOST_SYNTAX_PROBLEMS) break;
    }
    return [...byLine.values()];
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

function syntaxMessage(fault: SyntaxFault, lines: readonly string[], source: YamlSource): string {
  const line = lines[source.position(fault.at).line - 1] ?? '';
  if (fault.isDuplicate) {
    const key = /^[^\s:]+/.exec(line.slice(source.position(fault.at).column - 1))?.[0] ?? '';
    return `${JSON.stringify(key)} stands twice in the same section; keep one`;
  }
  const hint = /[{[,][^"'{[,]*\$\{/.test(line) ? '; inside { } and [ ] write "${NAME}" in quotes' : '';
  return `not valid YAML: ${fault.message}${hint}`;
}
