// The grid moves its current picture itself, because only it knows what stands where; keys and the viewer ask it to.

export type Move = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'pageup' | 'pagedown';

type Mover = { move: (to: Move, extend: boolean) => void; reveal: (seq: number) => void; top: () => void };

let mover: Mover | null = null;

/** The grid that shows. */
export function offerMoves(next: Mover | null): void {
  mover = next;
}
export const move = (to: Move, extend: boolean): void => mover?.move(to, extend);
/** Scrolls so that a picture shows. */
export const reveal = (seq: number): void => mover?.reveal(seq);
