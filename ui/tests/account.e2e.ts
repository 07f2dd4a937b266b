// The account in the window, with the real service beside it, from the age screen to the receipt.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { closeBrowser, openBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { startService, type Service } from './service.ts';
import { setUp, soon } from './steps.ts';

const EMAIL = 'hana@example.com';
const PASSWORD = '夜明けの灯台と青い鳥 and a lantern';

let host: Host;
let service: Service;
let opened: Opened;
let page: Page;
beforeAll(async () => {
  await openBrowser();
  host = await startHost('en');
  service = await startService();
  opened = await openPage(host);
  ({ page } = opened);
  await setUp(page);
});
afterAll(async () => {
  await opened?.context.close();
  await closeBrowser();
  await host?.stop();
  await service?.stop();
});

const dialog = () => page.getByRole('dialog');
const button = (name: string) => page.getByRole('button', { name, exact: true });
const toast = (text: RegExp | string) => page.locator('[data-toast]').getByText(text);

async function code(): Promise<void> {
  await dialog().getByLabel('Code from the mail').fill(await service.code());
  await dialog().getByRole('button', { name: 'Continue' }).click();
}

describe('the account', () => {
  it('is with the hosted service until another one is chosen, whose key is shown before anything is typed', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Account' }).click();
    await page.getByText('https://account.z-image.ai · On the internet').waitFor();
    await button('Account service').click();
    await dialog().getByText('A service of your own choice').click();
    await dialog().getByLabel('Address').fill('http://account.example.com');
    await dialog().getByRole('button', { name: 'Use this service' }).click();
    await dialog().getByText('Without https others could read along.').waitFor();
    await dialog().getByLabel('Address').fill(service.address);
    await dialog().getByRole('button', { name: 'Use this service' }).click();
    await page.getByText(`${service.address} · On this computer`).waitFor();
    await expect(page.getByRole('contentinfo').textContent()).resolves.toContain('Nothing has left this computer');
    await button('Fetch the key').click();
    await page.getByText(/^([0-9a-f]{5} ){5}[0-9a-f]{5}\. Compare it/).waitFor();
    await soon(async () => expect(await page.getByRole('contentinfo').textContent()).toContain('1 request'));
  });

  it('is made in four steps, each at its first field', async () => {
    await button('Create an account').click();
    await dialog().getByText('Step 1 of 4').waitFor();
    await soon(async () => expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT'));
    await dialog().getByLabel('Country or region').selectOption({ label: 'Japan' });
    await dialog().getByLabel('Year of birth').selectOption('1990');
    await dialog().getByLabel('Month').selectOption({ label: 'April' });
    await dialog().getByRole('button', { name: 'Continue' }).click();
    await dialog().getByLabel('E-mail address').fill('not an address');
    await page.keyboard.press('Enter');
    await dialog().getByText('That is not an e-mail address.').waitFor();
    await dialog().getByLabel('E-mail address').fill(EMAIL);
    await page.keyboard.press('Enter');
    await dialog().getByText(`On its way to ${EMAIL}`).waitFor();
    await dialog().getByLabel('Code from the mail').fill('AAAA-AAAA');
    await page.keyboard.press('Enter');
    await dialog().getByText('That code is not right, or too old.').waitFor();
    await code();
    await dialog().getByLabel('Password', { exact: true }).fill('12345678');
    await dialog().getByText(/8 of 15/).waitFor();
    await dialog().getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog().getByLabel('Repeat the password').fill(PASSWORD);
    await dialog().getByRole('button', { name: 'Set the password' }).click();
    await toast('The account is made, and you are signed in').waitFor();
    await page.getByText(EMAIL).waitFor();
  });

  it('shows everything that the service holds, and changes it there', async () => {
    await page.getByText('16 or older. When you were born is neither kept nor sent.').waitFor();
    await button('Change the name').click();
    await dialog().getByLabel('What you want to be called').fill('佐藤 花');
    await page.keyboard.press('Enter');
    await page.getByText('佐藤 花').waitFor();
    await page.getByText('日本語', { exact: true }).click();
    await soon(async () => expect(await page.getByRole('radio', { name: '日本語' }).isChecked()).toBe(true));
    await button('Rename Linux desktop').click();
    await dialog().getByLabel('Name').fill('仕事部屋');
    await page.keyboard.press('Enter');
    await page.getByText('仕事部屋 · this one').waitFor();
  });

  it('lists what has left, with the names of its fields and not what stood in them', async () => {
    await button('Show').click();
    const list = dialog().getByRole('listitem');
    await list.first().waitFor();
    const text = (await dialog().textContent()) ?? '';
    expect(text).toContain('Fields: ');
    expect(text).toContain('ke1');
    for (const secret of [EMAIL, '佐藤', '仕事部屋', 'lantern']) expect(text).not.toContain(secret);
    await dialog().getByRole('button', { name: 'Close' }).click();
  });

  it('takes the data along after the password was shown once more', async () => {
    const target = join(host.folder, 'account.json');
    await button('Download the account’s data').click();
    await dialog().getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog().getByText('The password was right.').waitFor();
    await host.pick([target]);
    await page.keyboard.press('Enter');
    await toast('The account’s data is saved').waitFor();
    expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({ account: { email: EMAIL } });
  });

  it('moves to another address by a code that goes there', async () => {
    await button('Change the e-mail address').click();
    await dialog().getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog().getByLabel('New e-mail address').fill('new@example.com');
    await page.keyboard.press('Enter');
    await code();
    await dialog().getByRole('button', { name: 'Change the address' }).click();
    await toast('The e-mail address is changed').waitFor();
    await page.getByText('new@example.com').waitFor();
  });

  it('is left and entered again, where a wrong password is told as no address is', async () => {
    await button('Sign out').click();
    await toast('You are signed out').waitFor();
    await button('Sign in').click();
    await dialog().getByLabel('E-mail address').fill('new@example.com');
    await dialog().getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await dialog().getByText('Address and password don’t match.').waitFor();
    await dialog().getByLabel('Password').fill(PASSWORD);
    // The service wants a moment's pause; the button counts it.
    await soon(async () => {
      await page.keyboard.press('Enter');
      expect(await dialog().count()).toBe(0);
    });
    await page.getByText('new@example.com').waitFor();
  });

  it('shows nothing of itself behind the lock', async () => {
    await page.keyboard.press('Control+L');
    await page.getByRole('button', { name: 'Unlock' }).waitFor();
    expect(await page.content()).not.toContain('new@example.com');
    await page.getByLabel('Passphrase').fill('correct horse battery staple');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').getByRole('button', { name: /Account/ }).click();
    await page.getByText('new@example.com').waitFor();
  });

  it('is deleted with a signed receipt, and the vault stays', async () => {
    await button('Delete the account').click();
    await dialog().getByText('The vault with all pictures and prompts').waitFor();
    await dialog().getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog().getByText('Everything is ready.').waitFor();
    await dialog().getByRole('button', { name: 'Delete the account' }).click();
    await page.getByRole('dialog', { name: 'The account is deleted' }).getByText('Signed by the service').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await button('Create an account').waitFor();
    await page.getByRole('navigation').getByRole('button', { name: 'Gallery' }).click();
    await page.getByRole('heading', { name: 'Your pictures will live here' }).waitFor();
  });

  it('is out of reach without the service, and says so, and nothing else stops', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Account' }).click();
    await service.stop();
    await button('Sign in').click();
    await dialog().getByLabel('E-mail address').fill(EMAIL);
    await dialog().getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog().getByText('The account service can’t be reached.').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  it('is not made by who is too young, whatever is answered after that', async () => {
    await button('Create an account').click();
    await dialog().getByLabel('Country or region').selectOption({ label: 'Japan' });
    await dialog().getByLabel('Year of birth').selectOption(`${new Date().getFullYear() - 9}`);
    await dialog().getByLabel('Month').selectOption({ label: 'April' });
    await dialog().getByRole('button', { name: 'Continue' }).click();
    await dialog().getByText('No account for now').waitFor();
    await dialog().getByRole('button', { name: 'Close' }).click();
    await page.getByRole('heading', { name: 'No account for now' }).waitFor();
    expect(await button('Create an account').count()).toBe(0);
    expect(await button('Sign in').count()).toBe(0);
  });
});
