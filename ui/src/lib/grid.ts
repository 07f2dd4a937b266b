// Where every picture of the gallery stands. Pure: shapes in, places out; 100,000 pictures in a few milliseconds.
import type { Section } from '../api/bindings.ts';
import { ratioOf } from './packed.ts';

export type GridOptions = {
  mode: 'justified' | 'square';
  /** Room in CSS pixels. */
  width: number;
  /** Wished height of a row. */
  row: number;
  gutter: number;
  /** Height of a month's heading. */
  heading: number;
  /** Empty room below the last row. */
  foot: number;
};

export type Heading = { top: number; section: Section };

export type Grid = {
  count: number;
  rows: number;
  height: number;
  /** First picture of each row; one more entry than rows. */
  rowStart: Uint32Array;
  rowTop: Float64Array;
  rowHeight: Float64Array;
  left: Float32Array;
  width: Float32Array;
  headings: Heading[];
};

/** Stranger shapes are cropped in the grid; the viewer shows them whole. */
const FLATTEST = 4;
const TALLEST = 0.4;
/** Rows are stretched at most so far; the last of a month is never stretched. */
const STRETCH = 1.6;

const shape = (byte: number): number => Math.min(FLATTEST, Math.max(TALLEST, ratioOf(byte)));

class Builder {
  readonly rowStart: number[] = [];
  readonly rowTop: number[] = [];
  readonly rowHeight: number[] = [];
  readonly left: Float32Array;
  readonly width: Float32Array;
  readonly headings: Heading[] = [];
  top = 0;

  constructor(
    readonly aspects: Uint8Array,
    readonly options: GridOptions,
  ) {
    this.left = new Float32Array(aspects.length);
    this.width = new Float32Array(aspects.length);
  }

  /** One row of the pictures `from` to `to`; `fill` makes its last picture end at the edge. */
  row(from: number, to: number, height: number, widthOf: (index: number) => number, fill: boolean): void {
    const { gutter, width } = this.options;
    const rounded = Math.max(1, Math.round(height));
    let x = 0;
    for (let i = from; i < to; i += 1) {
      const start = Math.round(x);
      x += widthOf(i);
      const end = fill && i === to - 1 ? width : Math.min(width, Math.round(x));
      this.left[i] = start;
      this.width[i] = Math.max(1, end - start);
      x += gutter;
    }
    this.rowStart.push(from);
    this.rowTop.push(this.top);
    this.rowHeight.push(rounded);
    this.top += rounded + gutter;
  }

  justified(from: number, to: number): void {
    const { width, row, gutter } = this.options;
    const height = (sum: number, n: number): number => (width - gutter * (n - 1)) / sum;
    let start = from;
    let sum = 0;
    for (let i = from; i < to; i += 1) {
      const ratio = shape(this.aspects[i] ?? 128);
      const full = height(sum + ratio, i - start + 1);
      if (full > row) {
        sum += ratio;
        continue;
      }
      const before = i > start ? height(sum, i - start) : Infinity;
      const without = before <= row * STRETCH && before / row < row / full;
      const end = without ? i : i + 1;
      const high = without ? before : full;
      this.row(start, end, high, (k) => shape(this.aspects[k] ?? 128) * high, true);
      start = end;
      sum = without ? ratio : 0;
    }
    if (start < to) {
      const high = Math.min(row, height(sum, to - start));
      this.row(start, to, high, (k) => shape(this.aspects[k] ?? 128) * high, false);
    }
  }

  squares(from: number, to: number): void {
    const { width, row, gutter } = this.options;
    const columns = Math.max(1, Math.round((width + gutter) / (row + gutter)));
    const side = (width - gutter * (columns - 1)) / columns;
    for (let i = from; i < to; i += columns) {
      const end = Math.min(to, i + columns);
      this.row(i, end, side, () => side, end - i === columns);
    }
  }

  section(from: number, to: number): void {
    if (this.options.mode === 'square') this.squares(from, to);
    else this.justified(from, to);
  }

  grid(): Grid {
    const rows = this.rowStart.length;
    return {
      count: this.aspects.length,
      rows,
      height: this.top + this.options.foot,
      rowStart: Uint32Array.from([...this.rowStart, this.aspects.length]),
      rowTop: Float64Array.from(this.rowTop),
      rowHeight: Float64Array.from(this.rowHeight),
      left: this.left,
      width: this.width,
      headings: this.headings,
    };
  }
}

/** Places all pictures. Without sections there are no headings. */
export function layOut(aspects: Uint8Array, sections: readonly Section[], options: GridOptions): Grid {
  const builder = new Builder(aspects, options);
  if (options.width <= 0) return new Builder(new Uint8Array(), options).grid();
  if (sections.length === 0) builder.section(0, aspects.length);
  for (const section of sections) {
    builder.headings.push({ top: builder.top, section });
    builder.top += options.heading;
    builder.section(section.start, Math.min(aspects.length, section.start + section.count));
  }
  return builder.grid();
}

/** The last entry that is not above `value`, by halving; -1 when all are. */
function lastNotAbove(sorted: ArrayLike<number>, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The rows that show between two heights: first, and one past the last. */
export function rowsBetween(grid: Grid, top: number, bottom: number): [first: number, end: number] {
  if (grid.rows === 0) return [0, 0];
  let first = Math.max(0, lastNotAbove(grid.rowTop, grid.rows, top));
  if ((grid.rowTop[first] ?? 0) + (grid.rowHeight[first] ?? 0) < top) first += 1;
  const end = lastNotAbove(grid.rowTop, grid.rows, bottom) + 1;
  return [Math.min(first, grid.rows), Math.max(Math.min(first, grid.rows), end)];
}

/** The headings that show between two heights. */
export function headingsBetween(grid: Grid, top: number, bottom: number, height: number): Heading[] {
  return grid.headings.filter((heading) => heading.top + height >= top && heading.top <= bottom);
}

/** The row of a picture. */
export const rowOf = (grid: Grid, index: number): number =>
  Math.min(grid.rows - 1, Math.max(0, lastNotAbove(grid.rowStart, grid.rows, index)));

/** The picture in another row that stands nearest below or above. */
export function inRow(grid: Grid, index: number, row: number): number {
  const target = Math.min(grid.rows - 1, Math.max(0, row));
  const middle = (grid.left[index] ?? 0) + (grid.width[index] ?? 0) / 2;
  let best = grid.rowStart[target] ?? 0;
  let distance = Infinity;
  for (let i = best; i < (grid.rowStart[target + 1] ?? grid.count); i += 1) {
    const away = Math.abs((grid.left[i] ?? 0) + (grid.width[i] ?? 0) / 2 - middle);
    if (away < distance) {
      distance = away;
      best = i;
    }
  }
  return best;
}

export type Box = { left: number; top: number; right: number; bottom: number };

/** Every picture that a box touches. */
export function touched(grid: Grid, box: Box): number[] {
  const found: number[] = [];
  const [first, end] = rowsBetween(grid, box.top, box.bottom);
  for (let row = first; row < end; row += 1) {
    for (let i = grid.rowStart[row] ?? 0; i < (grid.rowStart[row + 1] ?? grid.count); i += 1) {
      const left = grid.left[i] ?? 0;
      if (left <= box.right && left + (grid.width[i] ?? 0) >= box.left) found.push(i);
    }
  }
  return found;
}
