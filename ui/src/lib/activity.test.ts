import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('../api/transport.ts', () => ({ call: () => Promise.resolve() }));
vi.mock('./app.svelte.ts', () => ({ app: { open: true } }));
const { Activity, SPAN } = await import('./activity.ts');

describe('activity', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is told at once, then once a span while there is any, and not at all when there is none', () => {
    let told = 0;
    const activity = new Activity(() => (told += 1));
    for (let i = 0; i < 100; i += 1) activity.happened();
    expect(told).toBe(1);
    vi.advanceTimersByTime(SPAN);
    expect(told).toBe(2);
    vi.advanceTimersByTime(100 * SPAN);
    expect(told).toBe(2);
    activity.happened();
    expect(told).toBe(3);
  });
});
