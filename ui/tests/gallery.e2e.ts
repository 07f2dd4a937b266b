// The gallery: search, selection, keys, viewer.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { bringIn, cell, cells, held, LIBRARY, setUp, soon } from './steps.ts';

let host: Host;
let opened: Opened;
let page: Page;
const search = () => page.getByLabel('Search prompts, tags, models');
const chosen = () => page.locator('[role="gridcell"][aria-selected="true"]').count();

beforeAll(async () => {
  host = await startHost('en');
  opened = await openPage(host);
  page = opened.page;
  await setUp(page);
  await bringIn(page, host, LIBRARY);
});
afterAll(async () => {
  await host.stop();
  await closeBrowser();
  expect(opened.complaints).toEqual([]);
});
beforeEach(async () => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await search().fill('');
  await search().blur();
  await soon(async () => expect(await cells(page).count()).toBe(6));
});

describe('search', () => {
  it('finds one Japanese character as it is typed, and underlines it in the inspector', async () => {
    await search().pressSequentially('光');
    await soon(async () => expect(await cells(page).count()).toBe(2));
    await page.getByText('2 of 6').waitFor();
    await cell(page, 0).click();
    await soon(async () => expect(await page.locator('aside mark').allTextContents()).toEqual(['光']));
    await search().focus();
    await page.keyboard.press('Escape');
    await soon(async () => expect(await cells(page).count()).toBe(6));
  });

  it('asks nothing while an input method composes', async () => {
    const keyboard = await page.context().newCDPSession(page);
    await search().focus();
    const asked = () => opened.requests.filter((url) => url.endsWith('call/gallery_query')).length;
    const before = asked();
    for (const text of ['h', 'ひ', 'ひk', 'ひか', 'ひかり', '光']) {
      await keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    }
    // Keys that steer the input method are not the window's.
    await page.keyboard.press('ArrowDown');
    expect(await search().evaluate((field) => field === document.activeElement)).toBe(true);
    expect(asked()).toBe(before);
    await keyboard.send('Input.insertText', { text: '光' });
    await soon(async () => expect(await cells(page).count()).toBe(2));
    expect(asked()).toBeGreaterThan(before);
  });

  it('says when nothing matches, with a way back', async () => {
    await search().fill('光 -水面 zzz');
    await page.getByText('Nothing matches “光 -水面 zzz”.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await soon(async () => expect(await cells(page).count()).toBe(6));
  });

  it('tells of a condition that it does not know, and not of the colons in prompts', async () => {
    await search().fill('after:spring');
    await page.getByText('“after:” was not understood, so it was searched for as a word.').waitFor();
    await search().fill('masterpiece:1.2');
    await page.getByText('was not understood').waitFor({ state: 'detached' });
    await search().fill('');
  });

  it('filters by model and rating, and sorts', async () => {
    await page.getByRole('button', { name: 'Model', exact: true }).click();
    await page.getByRole('menuitem', { name: /z_image_turbo_bf16/ }).click();
    await page.getByRole('button', { name: 'Remove the filter Model z_image_turbo_bf16' }).click();
    await page.getByRole('button', { name: 'Newest first' }).click();
    await page.getByRole('menuitemradio', { name: 'Oldest first' }).click();
    await soon(async () => expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toContain('May 2025'));
    // The order is a choice that is kept.
    await page.reload();
    await soon(async () => expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toContain('May 2025'));
    await page.getByRole('button', { name: 'Oldest first' }).click();
    await page.getByRole('menuitemradio', { name: 'Newest first' }).click();
    await soon(async () => expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toContain('November'));
  });
});

describe('menus', () => {
  it('open inside the window, take the arrows, and give the focus back', async () => {
    const button = page.getByRole('button', { name: 'Import', exact: true });
    await button.click();
    const box = await page.getByRole('menu', { name: 'Import' }).boundingBox();
    if (!box) throw new Error('the menu does not show');
    expect(box.x).toBeGreaterThan(0);
    expect(box.x + box.width).toBeLessThan(1440);
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    await soon(async () => expect(await focused()).toMatch(/^Choose pictures/));
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^Choose folders/);
    await page.keyboard.press('Escape');
    await soon(async () => expect(await button.evaluate((one) => one === document.activeElement)).toBe(true));
  });
});

describe('selection', () => {
  it('goes by click, Control, Shift, marquee and keys', async () => {
    await cell(page, 1).click();
    expect(await chosen()).toBe(1);
    await cell(page, 3).click({ modifiers: ['Control'] });
    expect(await chosen()).toBe(2);
    await page.getByText('2 selected').first().waitFor();
    await cell(page, 5).click({ modifiers: ['Shift'] });
    expect(await chosen()).toBe(3);
    await page.keyboard.press('Control+a');
    expect(await chosen()).toBe(6);
    await page.keyboard.press('Escape');
    expect(await chosen()).toBe(0);
    const first = await cell(page, 0).boundingBox();
    const third = await cell(page, 2).boundingBox();
    if (!first || !third) throw new Error('the cells do not show');
    await page.mouse.move(first.x + 20, first.y + 20);
    await page.mouse.down();
    await page.mouse.move(third.x + 20, third.y + 40, { steps: 6 });
    await page.mouse.up();
    expect(await chosen()).toBe(3);
  });

  it('moves with the arrows, Home and End, and keeps one tab stop', async () => {
    await cell(page, 0).click();
    await page.keyboard.press('ArrowRight');
    expect(await cell(page, 1).evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press('Shift+ArrowRight');
    expect(await chosen()).toBe(2);
    await page.keyboard.press('End');
    expect(await cell(page, 5).evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press('Home');
    expect(await cell(page, 0).evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await page.locator('[role="gridcell"][tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    expect(await cell(page, 0).evaluate((one) => one === document.activeElement)).toBe(false);
  });

  it('loves, rates and tags what is chosen, and takes it back', async () => {
    await cell(page, 0).click();
    await cell(page, 1).click({ modifiers: ['Control'] });
    await page.keyboard.press('f');
    await page.locator('nav').getByRole('button', { name: /^Favourites\s*2$/ }).waitFor();
    await page.keyboard.press('Control+z');
    await page.locator('nav').getByRole('button', { name: /^Favourites$/ }).waitFor();
    await cell(page, 2).click();
    await page.keyboard.press('4');
    await page.locator('[data-toast]').getByText('Rated 4 stars').waitFor();
    await soon(async () => expect(await page.locator('aside').getByRole('radio', { name: '4 stars' }).isChecked()).toBe(true));
    await page.keyboard.press('t');
    await page.getByRole('dialog').getByLabel('Tag', { exact: true }).fill('灯り');
    await page.keyboard.press('Enter');
    await page.locator('aside').getByText('灯り', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Tag', exact: true }).first().click();
    await page.getByRole('menuitem', { name: /灯り/ }).click();
    await soon(async () => expect(await cells(page).count()).toBe(1));
    await page.getByRole('button', { name: 'Remove the filter Tag 灯り' }).click();
    await soon(async () => expect(await cells(page).count()).toBe(6));
  });

  it('takes a title by F2, which stays while it is typed and something else changes', async () => {
    const title = page.locator('aside').getByLabel('Title', { exact: true });
    await cell(page, 1).click();
    await page.locator(`aside img[src$="/${await cell(page, 1).getAttribute('data-seq')}"]`).waitFor();
    const seq = Number(await cell(page, 0).getAttribute('data-seq'));
    // The key comes before the details of the picture are there.
    const details = await held(page, 'item_show', `"seq":${seq}}`);
    await cell(page, 0).click();
    await page.keyboard.press('F2');
    await details.asked;
    expect(await title.evaluate((one) => one === document.activeElement)).toBe(false);
    await details.answer();
    await soon(async () => expect(await title.evaluate((one) => one === document.activeElement)).toBe(true));
    await page.keyboard.type('夜の');
    await host.edit({ edits: [{ seq, edit: { rating: 3 } }] });
    await soon(async () => expect(await page.locator('aside').getByRole('radio', { name: '3 stars' }).isChecked()).toBe(true));
    await page.keyboard.type('湖');
    expect(await title.inputValue()).toBe('夜の湖');
    await page.keyboard.press('Enter');
    await soon(async () => expect(await cell(page, 0).evaluate((one) => one === document.activeElement)).toBe(true));
    // Without the panel it comes for the title.
    await page.keyboard.press('i');
    await title.waitFor({ state: 'detached' });
    await page.keyboard.press('F2');
    await soon(async () => expect(await title.inputValue()).toBe('夜の湖'));
    await page.keyboard.type('別の名');
    await page.keyboard.press('Escape');
    expect(await title.inputValue()).toBe('夜の湖');
  });

  it('copies the prompt and the seed', async () => {
    await cell(page, 0).click();
    await page.locator('aside').getByText('721897303308', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Copy the seed' }).click();
    await soon(async () => expect(await host.copied()).toBe('721897303308'));
    await page.getByRole('button', { name: 'Copy prompt' }).click();
    await soon(async () => expect(await host.copied()).toBe(LIBRARY[0]?.prompt));
  });
});

describe('the viewer', () => {
  it('takes a title by F2 in its own panel', async () => {
    await cell(page, 0).click();
    await page.keyboard.press('Enter');
    await page.getByText('1 of 6').waitFor();
    await page.keyboard.press('F2');
    const typing = (): Promise<boolean> => page.evaluate(() => {
      const active = document.activeElement;
      return active?.getAttribute('aria-label') === 'Title' && !active.closest('[inert]');
    });
    await soon(async () => expect(await typing()).toBe(true));
    await page.keyboard.press('Escape');
    // The keys go on with the pictures.
    await soon(async () => expect(await typing()).toBe(false));
    await page.keyboard.press('ArrowRight');
    await page.getByText('2 of 6').waitFor();
  });

  it('opens from the cell, goes on with the arrows, zooms, and returns to the cell', async () => {
    await cell(page, 0).click();
    await page.keyboard.press('Enter');
    await page.getByText('1 of 6').waitFor();
    await soon(async () => expect(await page.locator('img.full.there').count()).toBe(1));
    await page.keyboard.press('ArrowRight');
    await page.getByText('2 of 6').waitFor();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await soon(async () => expect(await page.locator('.percent').textContent()).toBe('156 %'));
    await page.keyboard.press('z');
    await soon(async () => expect(await page.locator('.percent').textContent()).toBe('100 %'));
    await page.keyboard.press('Escape');
    await soon(async () => expect(await cell(page, 1).evaluate((one) => one === document.activeElement)).toBe(true));
  });

  it('zooms with the wheel and by a pinch, toward the pointer', async () => {
    await cell(page, 0).click();
    await page.keyboard.press('Enter');
    await page.locator('img.full.there').waitFor();
    const percent = () => page.locator('.percent').textContent();
    expect(await percent()).toBe('100 %');
    const stage = await page.locator('.stage').boundingBox();
    if (!stage) throw new Error('the stage does not show');
    const pointer = { x: stage.x + stage.width * 0.6, y: stage.y + stage.height * 0.4 };
    await page.mouse.move(pointer.x, pointer.y);
    await page.mouse.wheel(0, -100);
    await soon(async () => expect(await percent()).toBe('122 %'));
    await page.mouse.wheel(0, 100);
    await soon(async () => expect(await percent()).toBe('100 %'));
    // A pinch of the trackpad comes as a wheel with Ctrl. It zooms the picture, not the page.
    const before = await page.evaluate(() => window.visualViewport?.scale);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -10);
    await page.keyboard.up('Control');
    await soon(async () => expect(await percent()).toBe('111 %'));
    expect(await page.evaluate(() => [window.visualViewport?.scale, window.innerWidth])).toEqual([before, 1440]);

    // Where the picture is larger than the room, what lies under the pointer stays there.
    const under = async (): Promise<number[]> => {
      const box = await page.locator('.stage .frame').boundingBox();
      if (!box) throw new Error('the picture does not show');
      return [(pointer.x - box.x) / box.width, (pointer.y - box.y) / box.height];
    };
    for (const next of ['179 %', '289 %', '466 %', '754 %', '1,218 %']) {
      await page.mouse.wheel(0, -240);
      await soon(async () => expect(await percent()).toBe(next));
    }
    const [x = 0, y = 0] = await under();
    await page.mouse.wheel(0, -100);
    await soon(async () => expect(await percent()).toBe('1,488 %'));
    const [nextX, nextY] = await under();
    expect(nextX).toBeCloseTo(x, 2);
    expect(nextY).toBeCloseTo(y, 2);
    for (let i = 0; i < 3; i += 1) await page.mouse.wheel(0, -240);
    await soon(async () => expect(await percent()).toBe('1,600 %'));
  });

  it('shows its controls to whoever moves, and the picture alone to whoever does not', async () => {
    await cell(page, 0).click();
    await page.keyboard.press('Enter');
    await page.locator('img.full.there').waitFor();
    const controls = () => page.locator('.viewer header').evaluate((one) => getComputedStyle(one).opacity);
    await page.mouse.move(400, 400);
    await soon(async () => expect(await controls()).toBe('0'));
    await page.mouse.move(410, 400);
    await soon(async () => expect(await controls()).toBe('1'));
    await soon(async () => expect(await controls()).toBe('0'));
    await page.keyboard.press('ArrowRight');
    await soon(async () => expect(await controls()).toBe('1'));
    await soon(async () => expect(await controls()).toBe('0'));
    await page.mouse.wheel(0, -10);
    await soon(async () => expect(await controls()).toBe('1'));
  });

  it('shows a picture for a moment with Space', async () => {
    await cell(page, 2).click();
    await page.keyboard.press('Space');
    await page.getByRole('region', { name: 'Viewer' }).waitFor();
    await page.keyboard.press('Space');
    await soon(async () => expect(await page.getByRole('region', { name: 'Viewer' }).count()).toBe(0));
  });
});

describe('commands', () => {
  it('are found by name in both languages', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('テーマ');
    await page.getByRole('option', { name: 'Light theme' }).click();
    await soon(async () => expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light'));
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('dark');
    await page.keyboard.press('Enter');
    await soon(async () => expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark'));
  });

  it('are listed with their keys', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Ctrl K').waitFor();
    await page.keyboard.press('Escape');
  });
});
