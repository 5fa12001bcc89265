import { type ComponentProps, type ReactNode, createContext, useContext, useId, useMemo } from 'react';

import { classes } from './classes.ts';

interface FieldIds {
  readonly input: string;
  readonly note: string;
  readonly isWrong: boolean;
}

const FieldContext = createContext<FieldIds | undefined>(undefined);

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong with what was typed. */
  readonly error?: string | undefined;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A label, something to fill in, and what to know about it, joined for those who cannot see that they stand together. */
export function Field({ label, hint, error, children, className }: FieldProps) {
  const id = useId();
  const isWrong = error !== undefined;
  const ids = useMemo(() => ({ input: `${id}-input`, note: `${id}-note`, isWrong }), [id, isWrong]);
  const note = error ?? hint;
  return (
    <FieldContext value={ids}>
      <div className={classes('min-w-0 space-y-1', className)}>
        <label htmlFor={ids.input} className="block text-[13px] font-medium">
          {label}
        </label>
        {children}
        {note === undefined ? null : (
          <p id={ids.note} className={classes('text-xs', error === undefined ? 'text-muted' : 'text-bad')}>
            {note}
          </p>
        )}
      </div>
    </FieldContext>
  );
}

/** What a control takes from the field that it stands in. */
function useFieldProps(own: { readonly id?: string | undefined }) {
  const field = useContext(FieldContext);
  if (!field) return {};
  return { id: own.id ?? field.input, 'aria-describedby': field.note, 'aria-invalid': field.isWrong || undefined };
}

const BOX =
  'w-full min-w-0 rounded-md border border-strong-line/60 bg-panel px-2.5 text-[13px] text-ink placeholder:text-muted aria-invalid:border-bad disabled:opacity-60';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  const field = useFieldProps(rest);
  return (
    <input autoComplete="off" spellCheck={false} {...rest} {...field} className={classes(BOX, 'h-8', className)} />
  );
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  const field = useFieldProps(rest);
  return <textarea spellCheck={false} rows={4} {...rest} {...field} className={classes(BOX, 'py-2', className)} />;
}

/** The browser's own list: it works with every keyboard and on every phone. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  const field = useFieldProps(rest);
  return <select {...rest} {...field} className={classes(BOX, 'h-8 pr-7', className)} />;
}
