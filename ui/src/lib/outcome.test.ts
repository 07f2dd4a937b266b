import { describe, expect, it } from 'vitest';
import type { Job, Report } from '../api/bindings.ts';
import { en } from '../i18n/en.ts';
import { needsLook, outcome } from './outcome.ts';

const check = (damaged: number[], catalogue_whole: boolean): Job => ({
  id: 1, kind: 'check', state: 'done', label: '', done: 6, total: 6, bytes: 0, per_second: null, seconds_left: null,
  stopping: false, failure: null,
  report: { kind: 'check', items: 6, damaged, thumbnails: [], unreadable: 0, catalogue_whole, images_whole: true,
    quick: false } satisfies Report,
});

describe('a check of the vault', () => {
  it('names what is hurt: pictures, or a file of the vault', () => {
    expect(outcome(check([], true), en)).toBe('Integrity checked · all 6 read back well');
    expect(outcome(check([1, 2], true), en)).toBe('Integrity checked · 2 not readable');
    expect(outcome(check([], false), en)).toBe('Integrity checked · a file of the vault is damaged');
    expect([check([], true), check([], false)].map(needsLook)).toEqual([false, true]);
  });
});
