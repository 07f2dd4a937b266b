// Unlocking brings the person back to where they were, and nothing of the vault waits in the page meanwhile.
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { bringIn, cell, cells, held, PASSPHRASE, setUp, soon } from './steps.ts';

let host: Host;
let opened: Opened;

afterAll(closeBrowser);

const lock = async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+l');
  await page.getByRole('heading', { name: 'Locked' }).waitFor();
};
const unlock = async (page: Page): Promise<void> => {
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
};
const place = async (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name }).click();
const chosen = async (page: Page): Promise<string[]> =>
  page.locator('[role="gridcell"][aria-selected="true"]').evaluateAll((all) =>
    all.map((one) => one.getAttribute('data-seq') ?? '').toSorted());
const top = async (page: Page): Promise<number> => page.locator('[data-pictures]').evaluate((grid) => grid.scrollTop);

/** How often the page's memory holds a text, as far as anything can still reach it. */
const remembers = async (page: Page, text: string): Promise<number> => {
  const inspector = await page.context().newCDPSession(page);
  const parts: string[] = [];
  inspector.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk));
  await inspector.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await inspector.detach();
  return parts.join('').split(text).length - 1;
};

const MANY = Array.from({ length: 60 }, (_, i) => ({
  name: `${i}.png`,
  prompt: `lantern number ${i} on the lake`,
  at: `2026-${String(1 + (i % 11)).padStart(2, '0')}-12T12:00:00Z`,
}));

describe('after the lock', () => {
  beforeEach(async () => {
    host = await startHost('en');
    opened = await openPage(host);
    await setUp(opened.page);
    await bringIn(opened.page, host, MANY);
  });
  afterEach(async () => {
    await host.stop();
    expect(opened.complaints).toEqual([]);
  });

  it('the gallery stands where it stood, with its order and what was chosen', async () => {
    const { page } = opened;
    await page.locator('button[popovertarget="sort"]').click();
    await page.getByRole('menuitemradio', { name: 'Oldest first' }).click();
    await cell(page, 0).click();
    await page.keyboard.press('End');
    await soon(async () => expect(await top(page)).toBeGreaterThan(300));
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    const [before, at] = [await chosen(page), await top(page)];
    expect(before).toHaveLength(3);
    await lock(page);
    expect(await page.content()).not.toContain('lantern');
    await unlock(page);
    await soon(async () => expect(Math.abs((await top(page)) - at)).toBeLessThan(2));
    await soon(async () => expect(await chosen(page)).toEqual(before));
    await page.getByRole('button', { name: 'Oldest first' }).waitFor();
    // The keys go on from there.
    await page.keyboard.press('Home');
    await soon(async () => expect(await top(page)).toBeLessThan(60));
  });

  it('an answer that was on its way when the vault was locked is nobody\'s', async () => {
    const { page } = opened;
    await page.reload();
    await cell(page, 0).waitFor();
    expect(await remembers(page, 'lantern number')).toBeGreaterThan(0);
    // The texts far below are asked for when the grid comes to its end.
    const texts = await held(page, 'gallery_cells');
    await cell(page, 0).click();
    await page.keyboard.press('End');
    await texts.asked;
    await lock(page);
    await texts.answer();
    await soon(async () => expect(await remembers(page, 'lantern number')).toBe(0));
    await unlock(page);
    await soon(async () => expect(await cells(page).count()).toBeGreaterThan(0));
  });

  it('what was searched for is gone, and the same picture shows', async () => {
    const { page } = opened;
    await page.locator('#search').fill('number 42');
    await soon(async () => expect(await cells(page).count()).toBe(1));
    await cell(page, 0).click();
    const before = await chosen(page);
    await page.keyboard.press('Enter');
    await page.locator('img.full.there').waitFor();
    await lock(page);
    await unlock(page);
    await page.locator('img.full.there').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('#search').inputValue()).toBe('');
    await page.getByText('60', { exact: true }).first().waitFor();
    await soon(async () => expect(await chosen(page)).toEqual(before));
  });

  it('the settings, the trash and the page about security show again', async () => {
    const { page } = opened;
    await cell(page, 0).click();
    await page.keyboard.press('Delete');
    await place(page, 'Trash');
    await soon(async () => expect(await cells(page).count()).toBe(1));
    await lock(page);
    await unlock(page);
    await soon(async () => expect(await cells(page).count()).toBe(1));
    await page.getByRole('button', { name: 'Empty the trash' }).waitFor();
    await place(page, 'Settings');
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.getByRole('heading', { name: 'What this protects' }).waitFor();
    await lock(page);
    await unlock(page);
    await page.getByRole('heading', { name: 'What this protects' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await lock(page);
    await unlock(page);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
  });
});
