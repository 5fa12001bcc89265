import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

interface FoldingProps {
  readonly title: ReactNode;
  /** A word on what is in it, while it is closed too. */
  readonly note?: ReactNode;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** What most do not need: a line, until it is opened. */
export function Folding({ title, note, open = false, children }: FoldingProps) {
  return (
    <details open={open} className="group min-w-0 rounded-lg border border-line bg-panel">
      <summary className="flex list-none items-center gap-2 px-4 py-2.5 text-sm font-semibold [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90" aria-hidden />
        {title}
        {note === undefined ? null : <span className="truncate text-xs font-normal text-muted">{note}</span>}
      </summary>
      <div className="space-y-3 px-4 pb-4">{children}</div>
    </details>
  );
}
