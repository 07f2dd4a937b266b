// Numbers and units. Both languages group by threes with a comma and have digits of half width.
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A whole number: 12,408. */
export const num = (n: number): string => grouped.format(n);

/** A number with a tenth where it is small: 118, 4.2. */
export const decimal = (n: number): string => (n < 10 ? tenths.format(n) : grouped.format(n));

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** A length in bytes, in powers of 1000 as file managers show it: 1.5 KB, 38.2 GB. */
export function bytes(n: number, gap: string): string {
  let unit = 0;
  let value = Math.max(0, n);
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? grouped.format(value) : tenths.format(value)}${gap}${UNITS[unit] ?? ''}`;
}

/** Seconds as a person says them: 40 s, 12 min, 1 h 5 min. */
export function duration(seconds: number, units: { s: string; min: string; h: string }, gap: string): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole}${units.s}`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes}${units.min}`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)}${units.h}${rest > 0 ? `${gap}${rest}${units.min}` : ''}`;
}
