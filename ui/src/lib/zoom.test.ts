import { describe, expect, it } from 'vitest';
import { fit, toward, wheelFactor, within } from './zoom.ts';

const room = { width: 1000, height: 800 };
const picture = { width: 4000, height: 2000 };

describe('the viewer', () => {
  it('shows the whole picture', () => {
    expect(fit(picture, room, 1)).toBe(0.25);
  });
  it('does not blow a small picture up', () => {
    expect(fit({ width: 100, height: 100 }, room, 1)).toBe(1);
    expect(fit({ width: 100, height: 100 }, room, 0.5)).toBe(0.5);
  });
  it('keeps the point under the pointer when it zooms', () => {
    const view = { scale: 0.5, x: 0, y: 0 };
    const at = { x: 300, y: -80 };
    const before = (at.x - view.x) / view.scale;
    const next = toward(view, 1, at, picture, room, 1);
    expect((at.x - next.x) / next.scale).toBeCloseTo(before);
  });
  it('leaves no gap at the edges', () => {
    expect(within({ scale: 0.5, x: 9999, y: -9999 }, picture, room)).toEqual({ scale: 0.5, x: 500, y: -100 });
    expect(within({ scale: 0.1, x: 50, y: 50 }, picture, room)).toEqual({ scale: 0.1, x: 0, y: 0 });
  });
  it('zooms by the wheel, faster by a pinch, and never by more than a step', () => {
    const turn = (deltaY: number, ctrlKey = false, deltaMode = 0): number => wheelFactor({ deltaY, deltaMode, ctrlKey });
    expect(turn(-100)).toBeCloseTo(1.2214);
    expect(turn(100)).toBeCloseTo(1 / 1.2214);
    expect(turn(-3, false, 1)).toBeCloseTo(turn(-48));
    expect(turn(-10, true)).toBeCloseTo(1.1052);
    // Ctrl with the wheel of a mouse is no pinch.
    expect(turn(-100, true)).toBeCloseTo(turn(-100));
    expect(turn(-100_000)).toBeCloseTo(turn(-240));
    expect(turn(1, false, 2)).toBeCloseTo(turn(240));
  });
  it('stops at its limits', () => {
    expect(toward({ scale: 1, x: 0, y: 0 }, 1e9, { x: 0, y: 0 }, picture, room, 1).scale).toBe(16);
    expect(toward({ scale: 1, x: 0, y: 0 }, 0, { x: 0, y: 0 }, picture, room, 1).scale).toBe(0.125);
  });
});
