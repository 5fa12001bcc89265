/** What is in a crowd notes its place there; -1 while it is in none. */
export interface CrowdMember {
  place: number;
}

/**
 * Objects that enter and leave all the time, in no order; each is in one crowd at most.
 *
 * Not a Set: that makes a new table now and then, and V8 keeps the old one pointing to the new one and to what was in it.
 * Once one table has lived through a full collection, none of those that follow can be collected with the young objects,
 * nor can anything that was in them: every request is kept, with all that it had, until the next full collection.
 */
export class Crowd<Member extends CrowdMember> {
  readonly #members: Member[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: Member): void {
    if (this.#members[member.place] === member) return;
    member.place = this.#members.length;
    this.#members.push(member);
  }

  delete(member: Member): boolean {
    const { place } = member;
    if (this.#members[place] !== member) return false;
    const last = this.#members.pop();
    if (last !== undefined && last !== member) {
      this.#members[place] = last;
      last.place = place;
    }
    member.place = -1;
    return true;
  }

  /** A copy, since members may leave while it is gone through. */
  all(): Member[] {
    return [...this.#members];
  }
}
