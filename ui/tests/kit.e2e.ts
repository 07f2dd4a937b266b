// The page of the recovery key, as whoever prints it gets it.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openBrowser, openPage, startHost } from './host.ts';
import { PASSPHRASE, soon } from './steps.ts';

afterAll(closeBrowser);

/** With this variable the pages are kept as pictures in that folder, for whoever wants to look at them. */
const SHOTS = process.env['SCREENS'];

it('is one sheet of A4 with the key that was shown, in either language, and reaches for nothing', async () => {
  const host = await startHost('en');
  const { page, complaints } = await openPage(host);
  try {
    await page.locator('[data-first]').click();
    await page.locator('[data-next]').click();
    const fields = page.locator('form input[type="password"]');
    await fields.nth(0).fill(PASSPHRASE);
    await fields.nth(1).fill(PASSPHRASE);
    await page.locator('form button[type="submit"]').click();
    await page.locator('ol.key').waitFor();
    const groups = await page.locator('ol.key b').allTextContents();
    expect(groups.length).toBeGreaterThan(8);
    for (const language of ['en', 'ja'] as const) {
      await host.settings({ language });
      await page.locator(`html[lang="${language}"]`).waitFor();
      const file = join(host.folder, `key-${language}.html`);
      await host.pick([file]);
      await page.locator('.acts button').nth(1).click();
      await soon(async () => expect(readFileSync(file, 'utf8')).toContain('</html>'));
      expect(statSync(file).mode & 0o077).toBe(0);

      const context = await (await openBrowser()).newContext({ viewport: { width: 794, height: 1123 } });
      const kit = await context.newPage();
      const asked: string[] = [];
      kit.on('request', (request) => asked.push(request.url()));
      await kit.goto(pathToFileURL(file).href);
      expect(await kit.locator('.key b').allTextContents()).toEqual(groups);
      expect(await kit.locator('html').getAttribute('lang')).toBe(language);
      expect(await kit.locator('.now').isVisible()).toBe(true);
      if (SHOTS) await kit.screenshot({ path: join(SHOTS, `kit-${language}-screen.png`), fullPage: true });
      await kit.emulateMedia({ media: 'print' });
      expect(await kit.locator('.now').isVisible()).toBe(false);
      if (SHOTS) await kit.screenshot({ path: join(SHOTS, `kit-${language}-print.png`), fullPage: true });
      const sheets = (await kit.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g);
      expect(sheets).toHaveLength(1);
      expect(asked).toEqual([pathToFileURL(file).href]);
      await context.close();
    }
  } finally {
    await host.stop();
  }
  expect(complaints).toEqual([]);
});
