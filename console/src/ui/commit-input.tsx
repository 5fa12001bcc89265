import { type ComponentProps, useState } from 'react';

import { SuggestInput } from './suggest-input.tsx';

interface CommitInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'list'> {
  readonly value: string;
  /** When it is left, or Enter is pressed: not with each letter, which would ask each time. */
  readonly onCommit: (value: string) => void;
  readonly suggestions?: readonly string[];
}

/** Shows another text when its value changes from outside. */
export function CommitInput(props: CommitInputProps) {
  return <Typed key={props.value} {...props} />;
}

const NONE: readonly string[] = [];

function Typed({ value, onCommit, suggestions = NONE, ...rest }: CommitInputProps) {
  const [typed, setTyped] = useState(value);
  const commit = (): void => {
    if (typed.trim() !== value) onCommit(typed.trim());
  };
  return (
    <SuggestInput
      {...rest}
      value={typed}
      suggestions={suggestions}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={commit}
      onKeyDown={({ key }) => (key === 'Enter' ? commit() : undefined)}
    />
  );
}
