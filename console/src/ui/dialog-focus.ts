const FIELDS = 'input:not([type=hidden], [disabled]), select:not([disabled]), textarea:not([disabled])';
/** In this order: what is to be filled in, what can be done with what is shown, what does no harm. */
const FIRST = [`[data-part=body] :is(${FIELDS})`, '[data-part=body] button', '[data-part=actions] button'];

/** One dialog often follows another; where the first was opened from is where the last one leads back. */
let lastOpener: HTMLElement | undefined;

/** Where the keyboard stands when a dialog opens, and when it is closed. */
export class DialogFocus {
  #opener: HTMLElement | undefined;

  readonly onOpen = (event: Event): void => this.#enter(event, FIRST);

  /** What is shown beside a list is read, not filled in: the browser's choice, which is the way out, is good. */
  readonly onOpenDetails = (event: Event): void => this.#enter(event, []);

  #enter(event: Event, choices: readonly string[]): void {
    const active = document.activeElement;
    if (active instanceof HTMLElement && active !== document.body) lastOpener = active;
    this.#opener = lastOpener;
    const content = event.target;
    if (!(content instanceof HTMLElement)) return;
    const first = choices.map((choice) => content.querySelector<HTMLElement>(choice)).find((found) => found !== null);
    if (!first) return;
    event.preventDefault();
    first.focus();
  }

  readonly onClose = (event: Event): void => {
    event.preventDefault();
    // A dialog that follows has taken the focus already.
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    this.#opener?.focus();
    // It may be gone, or have nothing more to do.
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('#content')?.focus();
  };
}
