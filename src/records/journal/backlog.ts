/** What of a record may still be taken. */
export type Admission = 'whole' | 'facts' | 'nothing';

export interface BacklogBounds {
  readonly maxBytes: number;
  readonly maxRecords: number;
}

/** Over this part of the bytes, texts are left out so that facts still fit. */
const TEXT_SHARE = 0.5;

interface Shipment {
  readonly records: number;
  readonly bytes: number;
  /** Monotonic milliseconds of its oldest record. */
  readonly since: number;
}

/** Counts what was taken and is not yet written, and decides what may be taken. Knows no clock and no thread. */
export class Backlog {
  readonly #bounds: BacklogBounds;
  readonly #shipments: Shipment[] = [];
  records = 0;
  bytes = 0;
  /** Records that were taken without their texts. */
  droppedTexts = 0;
  /** Records that were not taken, or were lost on their way. */
  droppedRecords = 0;
  written = 0;

  constructor(bounds: BacklogBounds) {
    this.#bounds = bounds;
  }

  admit(factsBytes: number, textBytes: number): Admission {
    const { maxBytes, maxRecords } = this.#bounds;
    if (this.records >= maxRecords || this.bytes + factsBytes > maxBytes) return 'nothing';
    if (textBytes > 0 && this.bytes + factsBytes + textBytes > maxBytes * TEXT_SHARE) return 'facts';
    return 'whole';
  }

  take(bytes: number): void {
    this.records += 1;
    this.bytes += bytes;
  }

  /** What was taken since the last call is on its way. */
  ship(shipment: Shipment): void {
    this.#shipments.push(shipment);
  }

  /** Shipments arrive in the order in which they left. */
  arrive(shipments: number, written: number, lost: number): void {
    for (const { records, bytes } of this.#shipments.splice(0, shipments)) {
      this.records -= records;
      this.bytes -= bytes;
    }
    this.written += written;
    this.droppedRecords += lost;
  }

  /** Whoever carried the shipments is gone, and they with it. @returns how many records that were */
  loseShipments(): number {
    const lost = this.#shipments.reduce((sum, { records }) => sum + records, 0);
    this.arrive(this.#shipments.length, 0, lost);
    return lost;
  }

  get shipments(): number {
    return this.#shipments.length;
  }

  /** Monotonic milliseconds of the oldest record on its way. */
  get oldestShipment(): number | undefined {
    return this.#shipments[0]?.since;
  }
}
