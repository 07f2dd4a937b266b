import { describe, expect, it } from 'vitest';
import type { Job, Report } from '../api/bindings.ts';
import { en } from '../i18n/en.ts';
import { needsLook, outcome } from './outcome.ts';

const check = (damaged: number[], catalogue_whole: boolean, quick = false, by_itself = false): Job => ({
  id: 1, kind: 'check', state: 'done', label: '', done: 6, total: 6, bytes: 0, per_second: null, seconds_left: null,
  stopping: false, failure: null, by_itself,
  report: { kind: 'check', items: 6, damaged, thumbnails: [], unreadable: 0, catalogue_whole, images_whole: true,
    quick } satisfies Report,
});

describe('a check of the vault', () => {
  it('names what is hurt: pictures, or a file of the vault', () => {
    expect(outcome(check([], true), en)).toBe('Integrity checked · all 6 read back well');
    expect(outcome(check([1, 2], true), en)).toBe('Integrity checked · 2 not readable');
    expect(outcome(check([], false), en)).toBe('Integrity checked · a file of the vault is damaged');
    expect(outcome(check([], true, true), en)).toBe('Quick check · the vault’s files are sound');
    expect(outcome(check([], false, true), en)).toBe('Quick check · a file of the vault is damaged');
    expect(outcome(check([], true, false, true), en)).toBe('Checked all 6 pictures: all whole');
    expect(outcome(check([3], true, false, true), en)).toBe('Checked all 6 pictures: 1 not readable');
    expect([check([], true), check([], false)].map(needsLook)).toEqual([false, true]);
  });
});
