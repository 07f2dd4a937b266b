// Several vaults: made, named, chosen, and names that are hidden behind the lock.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { closeBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { bringIn, cells, LIBRARY, PASSPHRASE, setUp, soon } from './steps.ts';

let host: Host;
let opened: Opened;

afterAll(closeBrowser);

const settings = async (page: Page): Promise<void> => {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
};
const rows = (page: Page): Locator => page.getByRole('list', { name: 'Vaults' }).getByRole('listitem');
const row = (page: Page, name: string): Locator => rows(page).filter({ hasText: name });

async function name(page: Page, act: string, to: string): Promise<void> {
  await rows(page).getByRole('button', { name: act }).click();
  const sheet = page.getByRole('dialog', { name: 'Name this vault' });
  await sheet.getByLabel('Name', { exact: true }).fill(to);
  await page.keyboard.press('Enter');
  await sheet.waitFor({ state: 'detached' });
}

/** Fills the sheet; ends with the new vault open and its recovery key put off. */
async function make(page: Page, label: string): Promise<void> {
  const sheet = page.getByRole('dialog', { name: 'Make another vault' });
  await sheet.getByLabel('Name, if it is to have one').fill(label);
  await sheet.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await sheet.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
  await sheet.getByRole('button', { name: 'Make the vault' }).click();
  const key = page.getByRole('dialog', { name: 'Your recovery key' });
  await key.waitFor();
  expect(await key.locator('ol.key b').count()).toBeGreaterThan(8);
  await key.getByRole('button', { name: 'Later' }).click();
  await page.getByRole('heading', { name: 'Your pictures will live here' }).waitFor();
}

const kept = (): string => readFileSync(join(host.folder, 'data', 'settings.json'), 'utf8');

describe('several vaults', () => {
  beforeEach(async () => {
    host = await startHost('en');
    opened = await openPage(host);
    await setUp(opened.page);
    await bringIn(opened.page, host, LIBRARY);
  });
  afterEach(async () => {
    await host.stop();
    expect(opened.complaints).toEqual([]);
  });

  it('are made and named in the settings, and chosen from there and from the lock screen', async () => {
    const { page } = opened;
    await settings(page);
    await row(page, 'Vault 1').getByText('In use').waitFor();
    expect(await rows(page).getByText(join(host.folder, 'data', 'vaults')).count()).toBe(1);
    await name(page, 'Give it a name', '夜の仕事');
    await row(page, '夜の仕事').getByText('In use').waitFor();

    await page.getByRole('button', { name: 'Make another', exact: true }).click();
    await make(page, 'Trials');
    await settings(page);
    await row(page, 'Trials').getByText('In use').waitFor();
    expect(await rows(page).count()).toBe(2);
    await page.getByRole('button', { name: 'Use this one: 夜の仕事' }).click();

    // The other one is locked; the lock screen says which it is.
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
    await page.getByRole('button', { name: /Vault in use: 夜の仕事/ }).waitFor();
    await page.getByLabel('Passphrase', { exact: true }).fill('half typed');
    await page.getByRole('button', { name: /Vault in use: 夜の仕事/ }).click();
    const sheet = page.getByRole('dialog', { name: 'Choose a vault' });
    await sheet.getByRole('button', { name: 'Use this one: Trials' }).press('Enter');
    await page.getByRole('button', { name: /Vault in use: Trials/ }).waitFor();
    expect(await page.getByLabel('Passphrase', { exact: true }).inputValue()).toBe('');
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await row(page, 'Trials').getByText('In use').waitFor();

    // By its command, without the mouse.
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Choose a vault');
    await page.keyboard.press('Enter');
    await sheet.getByRole('button', { name: 'Use this one: 夜の仕事' }).press('Enter');
    await page.getByRole('button', { name: /Vault in use: 夜の仕事/ }).waitFor();
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await soon(async () => expect(await cells(page).count()).toBe(6));
  });

  it('keep their names inside where the person wants it so, and another is made behind the lock', async () => {
    const { page } = opened;
    await settings(page);
    await name(page, 'Give it a name', 'Unborn series');
    expect(kept()).toContain('Unborn series');
    await page.getByRole('switch', { name: 'Hide names while locked' }).click();
    await soon(async () => expect(kept()).not.toContain('Unborn series'));
    await row(page, 'Unborn series').waitFor();

    await page.keyboard.press('Control+l');
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
    await page.getByRole('button', { name: 'Vaults', exact: true }).click();
    await row(page, 'Vault 1').getByText('In use').waitFor();
    expect(await page.content()).not.toContain('Unborn series');
    expect(await page.getByRole('button', { name: /Rename|Give it a name/ }).count()).toBe(0);
    await page.getByRole('dialog').getByRole('button', { name: 'Make another vault' }).click();
    await make(page, '');
    await settings(page);
    await row(page, 'Vault 2').getByText('In use').waitFor();
    await row(page, 'Vault 1').getByRole('button', { name: 'Use this one: Vault 1' }).click();
    await page.getByRole('button', { name: /Vault in use: Vault 1/ }).waitFor();
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await soon(async () => expect(await cells(page).count()).toBe(6));
    await settings(page);
    await row(page, 'Unborn series').getByText('In use').waitFor();
    expect(kept()).not.toContain('Unborn series');
  });
});
