import type { Answer } from './answer.ts';
import type { Prompt } from './prompt.ts';
import type { CachedTokens } from './prompt-cache.ts';

/** What an answer is written from, in either dialect. */
export interface Rendering {
  readonly idLetters: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly prompt: Prompt;
  readonly answer: Answer;
  readonly cached: CachedTokens;
}

/** One server-sent event as it goes over the wire. */
export interface Frame {
  readonly text: string;
  /** How many tokens of the answer are said once it is out; a closing frame says one more than there are. */
  readonly said: number;
}

/** Gathers frames and counts the tokens that they say. */
export class FrameList {
  readonly frames: Frame[] = [];
  #said: number;

  constructor(said = 0) {
    this.#said = said;
  }

  get said(): number {
    return this.#said;
  }

  /** A frame that says nothing by itself. */
  add(text: string): void {
    this.frames.push({ text, said: this.#said });
  }

  /** A frame that says one more token. */
  say(text: string): void {
    this.#said += 1;
    this.add(text);
  }

  /** From here on frames close the answer; faults after its last token come before them. */
  close(): void {
    this.#said += 1;
  }
}
