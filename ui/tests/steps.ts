// Steps that several browser tests take.
import { expect } from 'vitest';
import type { Page, Request } from 'playwright-core';
import type { Host } from './host.ts';
import { writePictures, type Picture } from './pictures.ts';
import { join } from 'node:path';

export const PASSPHRASE = 'correct horse battery staple';

/** Retries until it holds: what the page shows follows the program a moment later. */
export async function soon(check: () => Promise<void>, within = 15_000): Promise<void> {
  const end = Date.now() + within;
  for (;;) {
    try {
      await check();
      return;
    } catch (failed) {
      if (Date.now() > end) throw failed;
      await new Promise((again) => setTimeout(again, 50));
    }
  }
}

/** Walks through the first screens; the recovery key is put off, no pictures are taken. */
export async function setUp(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Protect and continue' }).click();
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByRole('button', { name: 'Start without pictures' }).click();
  await page.getByRole('heading', { name: 'Your pictures will live here' }).waitFor();
}

/** Brings pictures in through the window's own dialog and plan. */
export async function bringIn(page: Page, host: Host, pictures: Picture[]): Promise<void> {
  const folder = join(host.folder, `in-${Math.random().toString(36).slice(2)}`);
  writePictures(folder, pictures);
  await host.pick([folder]);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Choose folders' }).click();
  await page.getByRole('dialog', { name: 'Import' }).getByRole('button', { name: /^Import \d/ }).click();
  await page.locator('[data-toast]').getByText(/imported/).waitFor();
  await page.keyboard.press('Escape');
  await soon(async () => expect(await cells(page).count()).toBeGreaterThan(0));
}

export const cells = (page: Page) => page.getByRole('gridcell');
export const cell = (page: Page, place: number) => page.locator(`[data-place="${place}"]`);

/** A library that search and sort can be tried on. */
export const LIBRARY: Picture[] = [
  { name: 'lanterns.png', prompt: '無数の灯籠が静かな湖に浮かぶ夜、暖かい光', negative: '人物、文字' },
  { name: 'ridge.png', prompt: 'Milky Way rising over a quiet violet ridge, long exposure' },
  { name: 'sea.png', prompt: '夕暮れの静かな海、水面に映るやわらかい光' },
  { name: 'city.png', prompt: 'Light trails of a city at night, wide view', at: '2026-10-12T12:00:00Z' },
  { name: 'bottle.png', prompt: 'A glass bottle with a galaxy inside', at: '2026-10-11T12:00:00Z' },
  { name: 'dunes.png', prompt: '砂丘、朝の影', at: '2025-05-02T12:00:00Z' },
];

/**
 * The next answer to a command waits until it is let go; `asked` is over once the window has asked for it. With `about`,
 * the next whose request holds this text.
 */
export async function held(page: Page, command: string, about = '') {
  const pattern = `**/call/${command}`;
  const meant = (request: Request): boolean =>
    request.url().endsWith(`/call/${command}`) && (request.postData() ?? '').includes(about);
  const asked = page.waitForRequest(meant);
  const answered = page.waitForResponse((response) => meant(response.request()));
  let release = (): void => undefined;
  const released = new Promise<void>((done) => (release = done));
  await page.route(pattern, async (route) => {
    const response = await route.fetch();
    if (meant(route.request())) await released;
    await route.fulfill({ response });
  });
  return {
    asked,
    answer: async (): Promise<void> => {
      release();
      await answered;
      await page.unroute(pattern);
    },
  };
}
