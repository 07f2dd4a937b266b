// axe on the account's screens and sheets, each in both languages and both themes.
import { afterAll, describe, expect, it } from 'vitest';
import { closeBrowser, openPage, startHost } from './host.ts';
import { looker } from './looker.ts';
import { startService } from './service.ts';
import { setUp } from './steps.ts';

afterAll(closeBrowser);

const EMAIL = 'hana@example.com';
const PASSWORD = '夜明けの灯台と青い鳥 and a lantern';

describe('every screen of the account is free of known faults', () => {
  it('from the outside to the receipt', async () => {
    const host = await startHost('en');
    const service = await startService();
    const { page, complaints } = await openPage(host);
    const found: string[] = [];
    const look = looker(page, host, found);
    const sheet = page.locator('dialog');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const on = () => sheet.locator('button[type="submit"]').click();
    try {
      await setUp(page);
      await page.locator('nav button').last().click();
      await page.getByText('account.z-image.ai').waitFor();
      await look('account, outside');
      await press('Account service');
      await sheet.locator('label').nth(1).click();
      await sheet.locator('input[type="text"]').fill('ftp://nowhere');
      await on();
      await sheet.locator('[role="alert"]').waitFor();
      await look('account, service');
      await sheet.locator('input[type="text"]').fill(service.address);
      await on();
      await sheet.waitFor({ state: 'detached' });
      await press('Create an account');
      await look('account, age');
      await sheet.locator('select').nth(0).selectOption('JP');
      await sheet.locator('select').nth(1).selectOption('1990');
      await sheet.locator('select').nth(2).selectOption('4');
      await on();
      await sheet.locator('input').fill(EMAIL);
      await look('account, address');
      await on();
      await sheet.getByLabel('Code from the mail').fill('AAAA-AAAA');
      await on();
      await sheet.locator('[role="alert"]').waitFor();
      await look('account, code refused');
      await sheet.getByLabel('Code from the mail').fill(await service.code());
      await on();
      await sheet.locator('input[type="password"]').nth(0).fill(PASSWORD);
      await sheet.locator('input[type="password"]').nth(1).fill(PASSWORD);
      await look('account, password');
      await on();
      await page.getByText(EMAIL).waitFor();
      await page.locator('[data-toast]').waitFor({ state: 'detached' });
      await look('account, what is held');
      await page.locator('.account').first().evaluate((page) => page.scrollTo(0, 10_000));
      await page.getByText('Delete the account').first().scrollIntoViewIfNeeded();
      await look('account, further down');
      await press('Show');
      await sheet.getByRole('listitem').first().waitFor();
      await look('ledger');
      await page.keyboard.press('Escape');
      await press('Delete the account');
      await look('account, deleting');
      await sheet.locator('input').fill(PASSWORD);
      await on();
      await sheet.getByText('Everything is ready.').waitFor();
      await look('account, about to be deleted');
      await on();
      await page.getByText('Signed by the service').waitFor();
      await look('account, receipt');
      await sheet.getByRole('button', { name: 'Done' }).click();
      await press('Sign in');
      await look('account, sign in');
      await page.keyboard.press('Escape');
    } finally {
      await host.stop();
      await service.stop();
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  }, 300_000);
});
