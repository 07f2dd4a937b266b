// Drawing a box over the grid with the pointer; near an edge the grid scrolls along.
import type { Box } from '../../lib/grid.ts';
import { selection } from '../../lib/selection.svelte.ts';

/** The pointer must travel this far before a press becomes a marquee. */
const THRESHOLD = 6;
const EDGE = 48;

type Ground = { find: (box: Box) => number[]; scroller: () => HTMLElement | undefined };

export class Marquee {
  box = $state.raw<Box | null>(null);
  /** The last press became a marquee: its click is none. */
  moved = false;
  #ground: Ground;
  #from = { x: 0, y: 0 };
  #at = { x: 0, y: 0 };
  #before: ReadonlySet<number> = new Set();
  #frame = 0;
  #bare = false;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  begin(event: PointerEvent, bare: boolean): void {
    const scroller = this.#ground.scroller();
    if (!scroller) return;
    this.moved = false;
    this.#bare = bare;
    this.#at = { x: event.clientX, y: event.clientY };
    this.#from = this.#inside(scroller);
    const adds = event.shiftKey || event.ctrlKey || event.metaKey;
    this.#before = adds ? selection.chosen : new Set();
    const begun = { ...this.#at };
    const move = (next: PointerEvent): void => {
      this.#at = { x: next.clientX, y: next.clientY };
      if (!this.moved && Math.hypot(this.#at.x - begun.x, this.#at.y - begun.y) < THRESHOLD) return;
      if (!this.moved) this.#frame = requestAnimationFrame(this.#scroll);
      this.moved = true;
      this.#draw();
    };
    const end = (): void => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
      cancelAnimationFrame(this.#frame);
      this.box = null;
      if (!this.moved && this.#bare && !adds) selection.none();
      // The click that follows this release belongs to the marquee.
      if (this.moved) setTimeout(() => (this.moved = false));
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
  }

  #inside(scroller: HTMLElement): { x: number; y: number } {
    const frame = scroller.getBoundingClientRect();
    return { x: this.#at.x - frame.left, y: this.#at.y - frame.top + scroller.scrollTop };
  }

  #draw(): void {
    const scroller = this.#ground.scroller();
    if (!scroller) return;
    const to = this.#inside(scroller);
    this.box = {
      left: Math.max(0, Math.min(this.#from.x, to.x)),
      right: Math.min(scroller.clientWidth, Math.max(this.#from.x, to.x)),
      top: Math.max(0, Math.min(this.#from.y, to.y)),
      bottom: Math.min(scroller.scrollHeight, Math.max(this.#from.y, to.y)),
    };
    selection.marquee(this.#before, this.#ground.find(this.box));
  }

  #scroll = (): void => {
    const scroller = this.#ground.scroller();
    if (!scroller) return;
    const frame = scroller.getBoundingClientRect();
    const above = frame.top + EDGE - this.#at.y;
    const below = this.#at.y - (frame.bottom - EDGE);
    const by = above > 0 ? -above / 3 : below > 0 ? below / 3 : 0;
    if (by !== 0) {
      scroller.scrollTop += by;
      this.#draw();
    }
    this.#frame = requestAnimationFrame(this.#scroll);
  };
}
