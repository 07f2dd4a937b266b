// axe on every screen, in both themes and languages.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage, startHost } from './host.ts';
import { writePictures } from './pictures.ts';
import { cell, cells, LIBRARY, PASSPHRASE, soon } from './steps.ts';

afterAll(closeBrowser);

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function faults(page: Page, screen: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${screen}: ${id}: ${node.html.slice(0, 160)}`));
}

async function walk(language: 'en' | 'ja', look: 'dark' | 'light'): Promise<string[]> {
  const host = await startHost(language);
  writePictures(join(host.home, 'ComfyUI/output'), LIBRARY);
  writeFileSync(join(host.home, 'ComfyUI/output/broken.png'), 'no picture');
  const { page } = await openPage(host, look);
  const found: string[] = [];
  const look_at = async (screen: string): Promise<void> => {
    found.push(...(await faults(page, screen)));
  };
  await page.locator('[data-first]').waitFor();
  await look_at('language');
  await page.locator('[data-first]').click();
  await look_at('promise');
  await page.locator('[data-next]').click();
  const fields = page.locator('form input[type="password"]');
  await fields.nth(0).fill(PASSPHRASE);
  await fields.nth(1).fill('something else');
  await look_at('protect');
  await fields.nth(1).fill(PASSPHRASE);
  await page.locator('form button[type="submit"]').click();
  await page.locator('ol.key').waitFor();
  await look_at('recovery');
  await page.locator('form .foot button').first().click();
  await page.locator('ul label').first().waitFor();
  await look_at('pictures');
  await page.locator('.acts button').last().click();
  await page.locator('.frames').waitFor();
  await page.locator('ul label').first().waitFor();
  await look_at('empty gallery');
  await page.locator('.acts button').first().click();
  await page.locator('dialog .foot button').nth(1).waitFor();
  await look_at('plan');
  await page.locator('dialog .foot button').last().click();
  await page.locator('[data-toast] button').waitFor();
  await look_at('jobs and toast');
  await page.locator('[data-toast] button').click();
  await page.locator('dialog').waitFor();
  await look_at('report');
  await page.keyboard.press('Escape');
  await soon(async () => expect(await cells(page).count()).toBe(6));
  await look_at('gallery');
  await cell(page, 0).click();
  await page.locator('aside dl').first().waitFor();
  await look_at('inspector');
  await page.locator('aside details summary').last().click();
  await look_at('original metadata');
  await cell(page, 2).click({ modifiers: ['Control'] });
  await page.locator('.fan').waitFor();
  await look_at('several selected');
  await page.locator('button[popovertarget="sort"]').click();
  await look_at('menu');
  await page.keyboard.press('Escape');
  await cell(page, 0).click();
  await page.keyboard.press('t');
  await page.locator('dialog').waitFor();
  await look_at('tag sheet');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.locator('img.full.there').waitFor();
  await look_at('viewer');
  await page.keyboard.press('Escape');
  await page.locator('#search').fill('zzzz');
  await page.locator('.nothing').waitFor();
  await look_at('no hits');
  await page.locator('#search').fill('');
  await soon(async () => expect(await cells(page).count()).toBe(6));
  await cell(page, 0).click();
  await page.keyboard.press('Delete');
  await page.locator('nav button').nth(2).click();
  await soon(async () => expect(await cells(page).count()).toBe(1));
  await cell(page, 0).click();
  await look_at('trash');
  await page.keyboard.press('Delete');
  await page.locator('dialog').waitFor();
  await look_at('erase sheet');
  await page.keyboard.press('Escape');
  await page.locator('nav button').nth(3).click();
  await look_at('settings');
  await page.keyboard.press('?');
  await page.locator('dialog').waitFor();
  await look_at('shortcuts');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.locator('dialog').waitFor();
  await look_at('palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+l');
  await page.locator('main form').waitFor();
  await look_at('locked');
  await page.locator('main input').fill('wrong');
  await page.keyboard.press('Enter');
  await page.locator('[role="alert"] span').waitFor();
  await look_at('locked, refused');
  await host.stop();
  return found;
}

describe('every screen is free of known faults', () => {
  it('in English, dark', async () => expect(await walk('en', 'dark')).toEqual([]), 180_000);
  it('in Japanese, light', async () => expect(await walk('ja', 'light')).toEqual([]), 180_000);
});
