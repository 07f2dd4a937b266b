// Which pictures are chosen, and which one is current: the inspector follows the current one.
import { gallery } from './gallery.svelte.ts';

class Selection {
  chosen = $state.raw<ReadonlySet<number>>(new Set());
  current = $state<number | null>(null);
  /** One of several is looked at on its own. */
  stepping = $state(false);
  /** The picture whose title is to be typed, until its field has the focus. */
  titling = $state<number | null>(null);
  #anchor = 0;
  /** On their way back into the list. */
  #expected: readonly number[] = [];

  /** What an act reaches: the chosen ones, or else the current one. In the order of the list. */
  readonly reach = $derived.by(() => {
    if (this.chosen.size === 0) return this.current === null ? [] : [this.current];
    if (this.chosen.size === 1) return [...this.chosen];
    return this.#inOrder();
  });

  #inOrder(): number[] {
    const found: number[] = [];
    for (const seq of gallery.listing.seqs) if (this.chosen.has(seq)) found.push(seq);
    return found;
  }

  #at(place: number): number | null {
    return gallery.listing.seqs[place] ?? null;
  }

  #set(chosen: ReadonlySet<number>): void {
    this.chosen = chosen;
    this.stepping = false;
    this.titling = null;
  }

  /** A plain click or arrow key. */
  only(place: number): void {
    const seq = this.#at(place);
    if (seq === null) return;
    this.#anchor = place;
    this.current = seq;
    this.#set(new Set([seq]));
  }

  /** Current without being chosen: after the selection was cleared, or from the viewer. */
  look(place: number): void {
    const seq = this.#at(place);
    if (seq === null) return;
    this.#anchor = place;
    this.current = seq;
    if (this.chosen.size <= 1) this.#set(new Set([seq]));
  }

  /** Control or Command with a click. */
  toggle(place: number): void {
    const seq = this.#at(place);
    if (seq === null) return;
    const chosen = new Set(this.chosen);
    if (!chosen.delete(seq)) chosen.add(seq);
    this.#anchor = place;
    this.current = seq;
    this.#set(chosen);
  }

  /** Shift with a click or an arrow key: from where it began to here. */
  extend(place: number): void {
    const seq = this.#at(place);
    if (seq === null) return;
    const from = Math.min(this.#anchor, gallery.listing.seqs.length - 1);
    const chosen = new Set<number>();
    for (let i = Math.min(from, place); i <= Math.max(from, place); i += 1) {
      const inside = this.#at(i);
      if (inside !== null) chosen.add(inside);
    }
    this.current = seq;
    this.#set(chosen);
  }

  /** A marquee: what it touches, added to what was chosen before it began. */
  marquee(before: ReadonlySet<number>, places: number[]): void {
    const chosen = new Set(before);
    for (const place of places) {
      const seq = this.#at(place);
      if (seq !== null) chosen.add(seq);
    }
    const last = places.at(-1);
    if (last !== undefined) {
      this.current = this.#at(last);
      this.#anchor = places[0] ?? last;
    }
    this.#set(chosen);
  }

  all(): void {
    this.current ??= this.#at(0);
    this.#set(new Set(gallery.listing.seqs));
  }

  none(): void {
    this.#set(new Set());
  }

  /** Goes through the chosen ones without losing them. */
  step(by: 1 | -1): void {
    const order = this.#inOrder();
    if (order.length === 0) return;
    const at = this.current === null ? -1 : order.indexOf(this.current);
    this.current = order[(at + by + order.length) % order.length] ?? null;
    this.stepping = true;
  }

  /** Its place among the chosen ones, from 1. */
  placeAmong(): number {
    return this.current === null ? 0 : this.#inOrder().indexOf(this.current) + 1;
  }

  /** These come back into the list and are to be chosen then. */
  expect(seqs: readonly number[]): void {
    this.#expected = seqs;
  }

  #welcome(): boolean {
    const here = new Set(gallery.listing.seqs);
    const [first, ...others] = this.#expected.filter((seq) => here.has(seq));
    if (first === undefined) return false;
    this.#expected = [];
    this.current = first;
    this.#anchor = gallery.placeOf(first);
    this.#set(new Set([first, ...others]));
    return true;
  }

  /**
   * The list changed: what is no longer in it is not chosen; the current one moves to its neighbour. Gives whether
   * something came back that was waited for.
   */
  settle(before: Uint32Array): boolean {
    if (this.#expected.length > 0 && this.#welcome()) return true;
    this.#leave(before);
    return false;
  }

  #leave(before: Uint32Array): void {
    const { seqs } = gallery.listing;
    if (this.chosen.size === 0 && this.current === null) return;
    const here = new Set(seqs);
    if (this.chosen.size > 0) {
      const still = [...this.chosen].filter((seq) => here.has(seq));
      if (still.length !== this.chosen.size) this.#set(new Set(still));
    }
    if (this.current === null || here.has(this.current)) return;
    const was = before.indexOf(this.current);
    for (let i = was; i >= 0 && i < before.length; i += 1) {
      const neighbour = before[i] ?? 0;
      if (here.has(neighbour)) {
        this.current = neighbour;
        this.#anchor = gallery.placeOf(neighbour);
        return;
      }
    }
    this.current = was < 0 ? null : (seqs.at(-1) ?? null);
  }

  /** As it was, as far as it is in the list. */
  comeBack(current: number | null, chosen: ReadonlySet<number>): void {
    const here = new Set(gallery.listing.seqs);
    this.current = current !== null && here.has(current) ? current : null;
    this.#anchor = Math.max(0, gallery.placeOf(this.current));
    this.#set(new Set([...chosen].filter((seq) => here.has(seq))));
  }

  forget(): void {
    this.chosen = new Set();
    this.current = null;
    this.stepping = false;
    this.titling = null;
    this.#expected = [];
  }
}

export const selection = new Selection();
