import { LinkedList, type ListNode } from './linked-list.ts';

/** Priorities are 0 to 9, and 9 goes first. */
export const PRIORITIES = 10;

/** One priority: everybody in order of arrival, and the owners in order of their turns. */
interface Level<Value> {
  readonly arrivals: LinkedList<Place<Value>>;
  readonly turns: LinkedList<Lane<Value>>;
  readonly lanes: Map<string, Lane<Value>>;
}

/** The waiting requests of one owner at one priority, in order of arrival. */
class Lane<Value> {
  readonly owner: string;
  readonly places = new LinkedList<Place<Value>>();
  turn: ListNode<Lane<Value>>;

  constructor(owner: string, turns: LinkedList<Lane<Value>>) {
    this.owner = owner;
    this.turn = turns.append(this);
  }
}

/** Where one value stands in a {@link WaitingLine}. */
export class Place<Value> {
  readonly value: Value;
  readonly priority: number;
  readonly lane: Lane<Value>;
  readonly arrival: ListNode<Place<Value>>;
  readonly inLane: ListNode<Place<Value>>;

  constructor(value: Value, priority: number, lane: Lane<Value>, arrivals: LinkedList<Place<Value>>) {
    this.value = value;
    this.priority = priority;
    this.lane = lane;
    this.arrival = arrivals.append(this);
    this.inLane = lane.places.append(this);
  }
}

/**
 * Who comes next: the highest priority; within it one owner after the other, so that who sends much does not keep out
 * who sends little; of one owner, who came first.
 *
 * Priority is strict: as long as higher ones keep every slot busy, lower ones wait until their time is over. That is
 * meant: whoever gives everything the same priority has fairness alone.
 */
export class WaitingLine<Value> {
  readonly #levels: readonly Level<Value>[] = Array.from({ length: PRIORITIES }, emptyLevel<Value>);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeAt(priority: number): number {
    return this.#levels[priority]?.arrivals.size ?? 0;
  }

  /** The next one. */
  get first(): Place<Value> | undefined {
    for (let priority = PRIORITIES - 1; priority >= 0; priority -= 1) {
      const place = this.#levels[priority]?.turns.first?.value.places.first?.value;
      if (place) return place;
    }
    return undefined;
  }

  /** The newest of the lowest priority that anybody waits at. */
  get last(): Place<Value> | undefined {
    return this.#levels.find(({ arrivals }) => arrivals.size > 0)?.arrivals.last?.value;
  }

  /** @throws RangeError for a priority that is not a whole number from 0 to 9 */
  add(value: Value, priority: number, owner: string): Place<Value> {
    const level = this.#level(priority);
    let lane = level.lanes.get(owner);
    if (!lane) {
      lane = new Lane(owner, level.turns);
      level.lanes.set(owner, lane);
    }
    this.#size += 1;
    return new Place(value, priority, lane, level.arrivals);
  }

  /** Takes out the next one; the others of its owner go to the end of the turns. */
  shift(): Place<Value> | undefined {
    const place = this.first;
    if (!place) return undefined;
    const { turns } = this.#level(place.priority);
    const { lane } = place;
    this.remove(place);
    if (lane.places.size === 0) return place;
    turns.remove(lane.turn);
    lane.turn = turns.append(lane);
    return place;
  }

  /** The place must be in this line. */
  remove({ priority, lane, arrival, inLane }: Place<Value>): void {
    const level = this.#level(priority);
    level.arrivals.remove(arrival);
    lane.places.remove(inLane);
    this.#size -= 1;
    if (lane.places.size > 0) return;
    level.turns.remove(lane.turn);
    level.lanes.delete(lane.owner);
  }

  /** How many would come before a newcomer, if nobody else came. */
  ahead(priority: number, owner: string): number {
    const { lanes, turns } = this.#level(priority);
    const own = lanes.get(owner);
    const mine = own?.places.size ?? 0;
    let ahead = mine;
    for (let above = priority + 1; above < PRIORITIES; above += 1) ahead += this.sizeAt(above);
    let isBeforeMe = true;
    for (let turn = turns.first; turn; turn = turn.next) {
      if (turn.value === own) isBeforeMe = false;
      else ahead += Math.min(turn.value.places.size, isBeforeMe ? mine + 1 : mine);
    }
    return ahead;
  }

  #level(priority: number): Level<Value> {
    const level = this.#levels[priority];
    if (!level) throw new RangeError(`priority ${priority} is not a whole number from 0 to ${PRIORITIES - 1}`);
    return level;
  }
}

function emptyLevel<Value>(): Level<Value> {
  return { arrivals: new LinkedList(), turns: new LinkedList(), lanes: new Map() };
}
