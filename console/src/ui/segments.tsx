import { ToggleGroup } from 'radix-ui';

interface SegmentsProps<Value extends string> {
  /** For those who do not see where it stands. */
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [value: Value, label: string])[];
  readonly onChange: (value: Value) => void;
}

/** A few choices side by side, one of which holds. */
export function Segments<Value extends string>({ label, value, choices, onChange }: SegmentsProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(chosen) => (chosen === '' ? undefined : onChange(chosen as Value))}
      aria-label={label}
      className="inline-flex h-8 items-center rounded-md border border-line bg-panel p-0.5"
    >
      {choices.map(([name, text]) => (
        <ToggleGroup.Item
          key={name}
          value={name}
          className="h-full rounded px-2.5 text-xs font-medium whitespace-nowrap text-muted first-letter:uppercase hover:text-ink data-[state=on]:bg-raised data-[state=on]:text-ink"
        >
          {text}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
