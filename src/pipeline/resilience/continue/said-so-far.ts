import type { StreamEvent } from '../../../core/events.ts';

/** A text longer than this is not kept, and nobody goes on with it. */
const MOST_CHARS = 1024 * 1024;

/** What a stream has said that may have to be gone on with. */
export class SaidSoFar {
  #text = '';
  #isOpen = true;
  #textIndex = 0;
  #nextIndex = 0;

  get text(): string {
    return this.#text;
  }

  /** Of the text part that was written last. */
  get textIndex(): number {
    return this.#textIndex;
  }

  /** The first content index that is free. */
  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** It is text that has not ended, and nothing else that would be there twice. */
  get isOpenText(): boolean {
    return this.#isOpen && this.#text.trim() !== '';
  }

  note(event: StreamEvent): void {
    switch (event.type) {
      case 'text-delta':
        this.#textIndex = event.index;
        this.#add(event.text);
        break;
      case 'reasoning-delta':
      case 'reasoning-signature':
        break;
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-call-end':
      case 'refusal-delta':
      case 'other-content':
      case 'finish':
        this.#close();
        return;
      default:
        return;
    }
    this.#nextIndex = Math.max(this.#nextIndex, event.index + 1);
    if (event.choice !== 0) this.#close();
  }

  #add(text: string): void {
    if (!this.#isOpen) return;
    this.#text += text;
    if (this.#text.length > MOST_CHARS) this.#close();
  }

  #close(): void {
    this.#isOpen = false;
    this.#text = '';
  }
}
