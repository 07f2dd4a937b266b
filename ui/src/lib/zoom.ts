// Zoom and pan of the viewer. Pure: a scale in CSS pixels for each pixel of the picture, and where its middle lies.

export type Size = { width: number; height: number };
export type View = { scale: number; x: number; y: number };

export const LARGEST = 16;

/** The scale that shows the whole picture; a small picture is not blown up beyond its own pixels. */
export function fit(picture: Size, room: Size, pixel: number): number {
  const whole = Math.min(room.width / picture.width, room.height / picture.height);
  return Math.min(whole, pixel);
}

const smallest = (picture: Size, room: Size, pixel: number): number => Math.min(fit(picture, room, pixel), pixel / 8);

type Turn = { deltaY: number; deltaMode: number; ctrlKey: boolean };

/** By how much a turn of the wheel zooms. A pinch comes as a wheel with Ctrl, in far smaller steps. */
export function wheelFactor({ deltaY, deltaMode, ctrlKey }: Turn): number {
  const pixels = deltaY * (deltaMode === 1 ? 16 : deltaMode === 2 ? 400 : 1);
  // One jump of a coarse wheel does not lose the picture.
  const turned = Math.max(-240, Math.min(240, pixels));
  const pinched = ctrlKey && Math.abs(turned) < 50;
  return Math.exp(-turned * (pinched ? 0.01 : 0.002));
}

/** How far the middle may be moved before an edge comes inside the room. */
function reach(picture: number, room: number, scale: number): number {
  return Math.max(0, (picture * scale - room) / 2);
}

export function within(view: View, picture: Size, room: Size): View {
  const right = reach(picture.width, room.width, view.scale);
  const down = reach(picture.height, room.height, view.scale);
  return {
    scale: view.scale,
    x: Math.max(-right, Math.min(right, view.x)),
    y: Math.max(-down, Math.min(down, view.y)),
  };
}

/** Zooms so that the point under the pointer stays; `at` is counted from the middle of the room. */
export function toward(view: View, scale: number, at: { x: number; y: number }, picture: Size, room: Size,
  pixel: number): View {
  const next = Math.max(smallest(picture, room, pixel), Math.min(LARGEST * pixel, scale));
  const grown = next / view.scale;
  const moved = { scale: next, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown };
  return within(moved, picture, room);
}
