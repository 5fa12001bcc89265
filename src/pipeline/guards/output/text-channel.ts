import type { Marks } from './deps.ts';
import type { AnswerState, ScanningRun } from './guard-run.ts';
import type { JudgePanel } from './judge-panel.ts';
import { JudgedText } from './judged-text.ts';
import { RestoredText } from './restored-text.ts';
import { ScanWindow } from './scan-window.ts';
import { type Steps, otherWork, piecesOf } from './steps.ts';

/** Characters of an answer that judges who only flag it, and its sources, are asked about. */
const MOST_GATHERED = 20_000;

export interface ChannelOptions {
  readonly runs: readonly ScanningRun[];
  readonly state: AnswerState;
  readonly holdBack: number;
  /** Judges without whose verdict nothing goes on. */
  readonly gate: JudgePanel;
  readonly segment: number;
  /** Judges who are asked when all has been said. */
  readonly late: JudgePanel;
  readonly marks: Marks | undefined;
}

/** One text of an answer on its way: through the guards, past the judges, with its marks restored. */
export class TextChannel {
  readonly #window: ScanWindow;
  readonly #judged: JudgedText | undefined;
  readonly #restored: RestoredText | undefined;
  readonly #late: JudgePanel;
  #gathered = '';

  constructor({ runs, state, holdBack, gate, segment, late, marks }: ChannelOptions) {
    this.#window = new ScanWindow({ runs, state, holdBack });
    this.#judged = gate.isEmpty ? undefined : new JudgedText(gate, state, segment);
    this.#restored = marks ? new RestoredText(marks) : undefined;
    this.#late = late;
  }

  /** What the model said, from the beginning, as far as it is kept. */
  get gathered(): string {
    return this.#gathered;
  }

  /** The guards did not leave it as it came. */
  get isChanged(): boolean {
    return this.#window.isChanged || this.#judged?.isChanged === true;
  }

  *add(text: string): Steps<string> {
    const room = MOST_GATHERED - this.#gathered.length;
    if (room > 0) this.#gathered += room < text.length ? text.slice(0, room) : text;
    let out = '';
    let isFirst = true;
    for (const piece of piecesOf(text)) {
      if (!isFirst) yield otherWork();
      isFirst = false;
      out += yield* this.#pass(this.#window.add(piece));
    }
    return out;
  }

  /** The part that the text was of has ended. */
  *flush(): Steps<string> {
    return yield* this.#end(this.#window.flush());
  }

  /** All of the text was there. */
  *close(): Steps<string> {
    return yield* this.#end(this.#window.close());
  }

  /** Asks those who only say something of the whole. */
  *askLate(): Steps {
    if (this.#gathered !== '' && !this.#late.isEmpty) yield this.#late.ask(this.#gathered);
  }

  *#pass(cleared: string): Steps<string> {
    if (cleared === '') return '';
    const judged = this.#judged ? yield* this.#judged.add(cleared) : cleared;
    return this.#restored ? this.#restored.add(judged) : judged;
  }

  *#end(cleared: string): Steps<string> {
    const passed = yield* this.#pass(cleared);
    const rest = this.#judged ? yield* this.#judged.flush() : '';
    if (!this.#restored) return passed + rest;
    return passed + (rest === '' ? '' : this.#restored.add(rest)) + this.#restored.flush();
  }
}
