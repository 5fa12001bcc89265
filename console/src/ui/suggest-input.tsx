import { type ComponentProps, useId } from 'react';

import { Input } from './field.tsx';

interface SuggestInputProps extends ComponentProps<'input'> {
  /** What is known to make sense; anything else may be typed as well. */
  readonly suggestions: readonly string[];
}

/** A text for which some answers are known. */
export function SuggestInput({ suggestions, ...rest }: SuggestInputProps) {
  const list = useId();
  return (
    <>
      <Input {...rest} list={list} />
      <datalist id={list}>
        {suggestions.map((text) => (
          <option key={text} value={text} aria-label={text} />
        ))}
      </datalist>
    </>
  );
}
