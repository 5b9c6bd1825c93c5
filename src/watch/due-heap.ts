interface Entry<T> {
  at: number;
  /** Order of adding: what is due at one time comes out as it went in. */
  order: number;
  value: T;
}

const before = (a: Entry<unknown>, b: Entry<unknown>): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap of what is due when: the earliest first, adding and taking in O(log n). */
export class DueHeap<T> {
  readonly #entries: Entry<T>[] = [];
  #added = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** When the earliest is due; undefined when nothing is. */
  nextAt(): number | undefined {
    return this.#entries[0]?.at;
  }

  add(at: number, value: T): void {
    this.#entries.push({ at, order: this.#added++, value });
    this.#rise(this.#entries.length - 1);
  }

  /** Takes out the earliest if it is due at `now`. */
  takeDue(now: number): T | undefined {
    const first = this.#entries[0];
    if (!first || first.at > now) return undefined;
    const last = this.#entries.pop();
    if (last && last !== first) {
      this.#entries[0] = last;
      this.#sink();
    }
    return first.value;
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const [a, b] = [this.#entries[left], this.#entries[right]];
      if (!a) return;
      const child = b && before(b, a) ? right : left;
      if (!this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const [a, b] = [this.#entries[lower], this.#entries[upper]];
    if (!a || !b || !before(a, b)) return false;
    this.#entries[upper] = a;
    this.#entries[lower] = b;
    return true;
  }
}
