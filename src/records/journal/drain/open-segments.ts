import { type Segment, markerOf } from '../segment.ts';
import { type SegmentSource, isGone } from '../segment-file.ts';
import { SegmentReader } from '../segment-reader.ts';

/** The files that are being read. */
export class OpenSegments {
  readonly #openFile: (path: string) => SegmentSource;
  readonly #open = new Map<string, { readonly source: SegmentSource; readonly reader: SegmentReader }>();

  constructor(openFile: (path: string) => SegmentSource) {
    this.#openFile = openFile;
  }

  /** Undefined where there is no such file. @throws the system's error */
  reader({ path, journal }: Segment): SegmentReader | undefined {
    const before = this.#open.get(path);
    if (before) return before.reader;
    try {
      const source = this.#openFile(path);
      const reader = new SegmentReader(source, markerOf(journal));
      this.#open.set(path, { source, reader });
      return reader;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  close(path: string): void {
    this.#open.get(path)?.source.close();
    this.#open.delete(path);
  }

  closeAll(): void {
    for (const path of this.#open.keys()) this.close(path);
  }
}
