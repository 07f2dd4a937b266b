// 100,000 pictures: the answers of the program are made up here, the window is the real one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage, startHost, type Host } from './host.ts';
import { png } from './pictures.ts';
import { cell, cells, setUp, soon } from './steps.ts';

const COUNT = 100_000;
let host: Host;
let page: Page;

function listing(): unknown {
  const seqs = Buffer.alloc(COUNT * 4);
  const aspects = Buffer.alloc(COUNT);
  for (let i = 0; i < COUNT; i += 1) {
    seqs.writeUInt32LE(COUNT - i, i * 4);
    aspects[i] = 100 + ((i * 37) % 56);
  }
  const sections = Array.from({ length: 100 }, (_, i) => ({
    year: 2026 - Math.floor((i + 1) / 12),
    month: ((10 - i) % 12 + 12) % 12 + 1,
    start: i * 1000,
    count: 1000,
  }));
  return { total: COUNT, library: COUNT, favourites: 0, trash: 0, seqs: seqs.toString('base64'),
    aspects: aspects.toString('base64'), sections, terms: [], unknown_fields: [] };
}

beforeAll(async () => {
  host = await startHost('en');
  ({ page } = await openPage(host));
  await setUp(page);
  const all = JSON.stringify(listing());
  const picture = png(60, 40, 1);
  await page.route('**/call/gallery_query', (route) => route.fulfill({ contentType: 'application/json', body: all }));
  await page.route('**/call/gallery_cells', (route) => {
    const { seqs } = route.request().postDataJSON() as { seqs: number[] };
    const body = seqs.map((seq) => ({ seq, file_name: `${seq}.png`, title: '', prompt: `picture ${seq}`, width: 60,
      height: 40, created_at: 0, favourite: false, rating: 0, animated: false, discarded: false }));
    return route.fulfill({ contentType: 'application/json', body: JSON.stringify(body) });
  });
  await page.route('**/picture/**', (route) => route.fulfill({ contentType: 'image/png', body: picture }));
  await page.locator('#search').fill(' ');
  await soon(async () => expect(await cells(page).count()).toBeGreaterThan(10));
});
afterAll(async () => {
  await host.stop();
  await closeBrowser();
});

describe('a gallery of 100,000', () => {
  it('keeps only what is near the screen', async () => {
    expect(await cells(page).count()).toBeLessThan(200);
    const rows = Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
    expect(rows).toBeGreaterThan(10_000);
  });

  it('goes to its end and back by key', async () => {
    await cell(page, 0).click();
    await page.keyboard.press('End');
    await soon(async () => expect(await cell(page, COUNT - 1).evaluate((one) => one === document.activeElement)).toBe(true));
    await page.keyboard.press('Home');
    await soon(async () => expect(await cell(page, 0).evaluate((one) => one === document.activeElement)).toBe(true));
    expect(await cells(page).count()).toBeLessThan(250);
  });

  it('scrolls from end to end without a long pause', async () => {
    const slowest = await page.evaluate(async () => {
      const scroller = document.querySelector('.scroller');
      if (!scroller) throw new Error('no grid');
      const times: number[] = [];
      for (let i = 0; i < 120; i += 1) {
        const begun = performance.now();
        // Steps of most of a screen, and every tenth across a good part of the library.
        scroller.scrollTop += i % 10 === 9 ? scroller.scrollHeight / 13 : 700;
        scroller.dispatchEvent(new Event('scroll'));
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - begun);
      }
      return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
    });
    // Generous: the machine of a test may be small and busy. A grid that is not virtual takes seconds.
    expect(slowest).toBeLessThan(200);
  });

  it('selects everything, and shows it at once', async () => {
    await cell(page, await page.locator('[data-place]').first().evaluate((one) => Number(one.getAttribute('data-place')))).click();
    await page.keyboard.press('Control+a');
    await page.getByText('100,000 selected').first().waitFor();
    await page.keyboard.press('Escape');
  });
});
