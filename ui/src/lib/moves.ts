// The grid moves its current picture itself, because only it knows what stands where; keys and the viewer ask it to.

export type Move = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'pageup' | 'pagedown';

/** The picture at the upper edge, and how far below that edge its row begins, in CSS pixels. */
export type Anchor = { seq: number; offset: number };

type Mover = {
  move: (to: Move, extend: boolean) => void;
  reveal: (seq: number) => void;
  top: () => void;
  stood: () => Anchor | null;
};

let mover: Mover | null = null;
let waiting: Anchor | null = null;

/** The grid that shows. */
export function offerMoves(next: Mover | null): void {
  mover = next;
}
export const move = (to: Move, extend: boolean): void => mover?.move(to, extend);
/** Scrolls so that a picture shows. */
export const reveal = (seq: number): void => mover?.reveal(seq);
/** Where the grid stands, if one shows. */
export const stood = (): Anchor | null => mover?.stood() ?? null;
/** The next grid that has pictures stands there. */
export function standAt(anchor: Anchor | null): void {
  waiting = anchor;
}
/** Gives that place once. */
export function takeStand(): Anchor | null {
  const anchor = waiting;
  waiting = null;
  return anchor;
}
