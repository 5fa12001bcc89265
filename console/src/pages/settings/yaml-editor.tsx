import { setDiagnostics } from '@codemirror/lint';
import { EditorView } from '@codemirror/view';
import { getNonce } from 'get-nonce';
import { useEffect, useEffectEvent, useRef } from 'react';

import { diagnosticsOf, editorExtensions, editorState, fromPage } from './editor-setup.ts';
import type { Problem } from './wire.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

interface YamlEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly problems: readonly Problem[];
  readonly readOnly: boolean;
  readonly label: string;
  /** Where to go; another object is another wish, also of the same place. */
  readonly goTo: Place | undefined;
}

/** The text of the file with its lines, colours and marks. It has a chunk of its own, loaded when it is first shown. */
export default function YamlEditor({ text, onChange, problems, readOnly, label, goTo }: YamlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const changed = useEffectEvent(onChange);
  // Lines end as they do in the file.
  const isWindows = text.includes('\r\n');
  const went = useRef<Place>(undefined);
  const first = useRef(text);
  useEffect(() => {
    if (!place.current) return undefined;
    const extensions = editorExtensions({
      label,
      readOnly,
      nonce: getNonce() ?? '',
      onChange: (now) => changed(isWindows ? now.replaceAll('\n', '\r\n') : now),
    });
    const made = new EditorView({ state: editorState(first.current, extensions), parent: place.current });
    view.current = made;
    return () => {
      first.current = made.state.doc.toString();
      made.destroy();
    };
  }, [label, readOnly, isWindows]);
  useEffect(() => {
    const now = view.current;
    if (!now || now.state.doc.eq(now.state.toText(text))) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: text }, annotations: fromPage.of(true) });
  }, [text]);
  useEffect(() => {
    const now = view.current;
    if (now) now.dispatch(setDiagnostics(now.state, diagnosticsOf(now.state.doc, problems)));
  }, [problems, label, readOnly]);
  useEffect(() => {
    const now = view.current;
    if (!now || !goTo || went.current === goTo || goTo.line > now.state.doc.lines) return;
    went.current = goTo;
    const line = now.state.doc.line(Math.max(1, goTo.line));
    const at = Math.min(line.to, line.from + Math.max(0, goTo.column - 1));
    now.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    now.focus();
  }, [goTo]);
  return (
    <div
      ref={place}
      className="h-[calc(100dvh-20rem)] max-h-[60rem] min-h-80 overflow-hidden rounded-b-lg outline-accent focus-within:outline-2"
    />
  );
}
