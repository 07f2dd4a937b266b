import { describe, expect, it } from 'vitest';
import { inRow, layOut, rowOf, rowsBetween, touched, type GridOptions } from './grid.ts';

const options: GridOptions = { mode: 'justified', width: 856, row: 160, gutter: 4, heading: 40, foot: 80 };
const shapes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => 96 + ((i * 37) % 64));

describe('the grid', () => {
  it('places every picture once, in order, inside the room', () => {
    const grid = layOut(shapes(1000), [], options);
    expect(grid.rowStart[0]).toBe(0);
    expect(grid.rowStart[grid.rows]).toBe(1000);
    for (let row = 0; row < grid.rows; row += 1) {
      const from = grid.rowStart[row]!;
      const to = grid.rowStart[row + 1]!;
      expect(to).toBeGreaterThan(from);
      for (let i = from; i < to; i += 1) {
        expect(grid.left[i]! + grid.width[i]!).toBeLessThanOrEqual(options.width);
        if (i > from) expect(grid.left[i]!).toBe(grid.left[i - 1]! + grid.width[i - 1]! + 4);
      }
      if (row < grid.rows - 1) expect(grid.left[to - 1]! + grid.width[to - 1]!).toBe(options.width);
    }
  });

  it('keeps rows near the wished height', () => {
    const grid = layOut(shapes(1000), [], options);
    for (let row = 0; row < grid.rows - 1; row += 1) {
      expect(grid.rowHeight[row]!).toBeGreaterThan(100);
      expect(grid.rowHeight[row]!).toBeLessThan(260);
    }
  });

  it('begins every month with a heading and a new row', () => {
    const sections = [
      { year: 2026, month: 11, start: 0, count: 7 },
      { year: 2026, month: 10, start: 7, count: 13 },
    ];
    const grid = layOut(shapes(20), sections, options);
    expect(grid.headings.map((h) => h.section.month)).toEqual([11, 10]);
    const row = rowOf(grid, 7);
    expect(grid.rowStart[row]).toBe(7);
    expect(grid.rowTop[row]).toBe(grid.headings[1]!.top + 40);
  });

  it('does not stretch the last row of a month', () => {
    const grid = layOut(Uint8Array.from([128]), [], options);
    expect(grid.rowHeight[0]).toBe(160);
    expect(grid.width[0]).toBe(160);
  });

  it('makes squares of one size', () => {
    const grid = layOut(shapes(100), [], { ...options, mode: 'square' });
    const side = grid.rowHeight[0]!;
    for (let i = 0; i < 100; i += 1) expect(Math.abs(grid.width[i]! - side)).toBeLessThanOrEqual(1);
  });

  it('finds the rows on the screen by halving', () => {
    const grid = layOut(shapes(100_000), [], options);
    const wrong: number[] = [];
    for (const top of [0, 1, 5_000, grid.height / 2, grid.height - 900]) {
      const [first, end] = rowsBetween(grid, top, top + 900);
      for (let row = 0; row < grid.rows; row += 1) {
        const shows = grid.rowTop[row]! + grid.rowHeight[row]! >= top && grid.rowTop[row]! <= top + 900;
        if ((row >= first && row < end) !== shows) wrong.push(row);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('moves up and down to the picture that stands nearest', () => {
    const grid = layOut(shapes(50), [], { ...options, mode: 'square' });
    const columns = grid.rowStart[1]!;
    expect(inRow(grid, 2, 1)).toBe(columns + 2);
    expect(inRow(grid, columns + 3, 0)).toBe(3);
    expect(inRow(grid, 0, -5)).toBe(0);
  });

  it('touches with a marquee what it covers', () => {
    const grid = layOut(shapes(50), [], { ...options, mode: 'square' });
    const columns = grid.rowStart[1]!;
    const high = grid.rowHeight[0]!;
    expect(touched(grid, { left: 0, top: 0, right: 10, bottom: 10 })).toEqual([0]);
    expect(touched(grid, { left: 0, top: 0, right: 10, bottom: high + 20 })).toEqual([0, columns]);
    expect(touched(grid, { left: 0, top: 0, right: 856, bottom: 5 })).toHaveLength(columns);
  });

  it('is empty without pictures or room', () => {
    expect(layOut(new Uint8Array(), [], options).rows).toBe(0);
    expect(layOut(shapes(5), [], { ...options, width: 0 }).rows).toBe(0);
    expect(rowsBetween(layOut(new Uint8Array(), [], options), 0, 900)).toEqual([0, 0]);
  });
});
