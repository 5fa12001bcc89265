import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, type Extension, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';

import type { Problem } from './wire.ts';

/** The page's colours, so that it follows the theme by itself. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--muted)' },
  { tag: [tags.keyword, tags.labelName, tags.typeName, tags.meta], color: 'var(--warn)' },
]);

const LOOK = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--panel)', fontSize: '13px' },
  // The frame around it shows where the keyboard is: lines and their numbers scroll beneath one another.
  '&.cm-focused, .cm-content:focus-visible': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono, ui-monospace, monospace)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--raised) 70%, transparent)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-panels, .cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panels input, .cm-panels button': {
    backgroundColor: 'var(--panel)',
    backgroundImage: 'none',
    color: 'var(--ink)',
    border: '1px solid var(--strong-line)',
    borderRadius: '4px',
  },
  '.cm-searchMatch, .cm-selectionMatch': { backgroundColor: 'var(--warn-soft)' },
  '.cm-secret': { backgroundColor: 'var(--raised)', color: 'var(--muted)', borderRadius: '3px', padding: '0 2px' },
  '.cm-diagnostic': { padding: '4px 8px', whiteSpace: 'pre-wrap' },
});

/** What stands for a secret of the file. */
const PLACEHOLDER = /‹secret:\d{1,6}:[\w-]{0,4}›/gu;
const secretMarks = new MatchDecorator({ regexp: PLACEHOLDER, decoration: Decoration.mark({ class: 'cm-secret' }) });

const secretPlugin = ViewPlugin.fromClass(
  class {
    marks: DecorationSet;
    constructor(view: EditorView) {
      this.marks = secretMarks.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.marks = secretMarks.updateDeco(update, this.marks);
    }
  },
  { decorations: ({ marks }) => marks },
);

/** Of a change that the page made, and nobody typed. */
export const fromPage = Annotation.define<boolean>();

interface EditorOptions {
  readonly label: string;
  readonly readOnly: boolean;
  /** With which the page's policy lets styles be added. */
  readonly nonce: string;
  readonly onChange: (text: string) => void;
}

export function editorExtensions({ label, readOnly, nonce, onChange }: EditorOptions): Extension[] {
  return [
    EditorView.cspNonce.of(nonce),
    // Reached by the keyboard also where it cannot be written.
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      const isOurs = transactions.some((one) => one.annotation(fromPage) === true);
      if (docChanged && !isOurs) onChange(state.doc.toString());
    }),
    EditorState.readOnly.of(readOnly),
    indentUnit.of('  '),
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    yaml(),
    syntaxHighlighting(COLOURS),
    secretPlugin,
    LOOK,
    // Tab leaves the editor, as everywhere on the page; Ctrl+] moves a line in.
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
  ];
}

export function editorState(doc: string, extensions: Extension[]): EditorState {
  return EditorState.create({ doc, extensions });
}

/** Problems at their places: from the column to the end of the line, or all of a line that is shorter. */
export function diagnosticsOf(doc: Text, problems: readonly Problem[]): Diagnostic[] {
  return problems
    .filter(({ source, line }) => source === 'file' && line >= 1 && line <= doc.lines)
    .map(({ line: number, column, message, path }) => {
      const line = doc.line(number);
      const at = Math.min(line.to, line.from + Math.max(0, column - 1));
      const from = at === line.to ? line.from : at;
      return { from, to: line.to, severity: 'error' as const, message: path === '' ? message : `${path}: ${message}` };
    })
    .toSorted((one, other) => one.from - other.from);
}
