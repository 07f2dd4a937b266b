// Ways in and what is told about them: waiting after wrong tries, new keys, a dead keychain, an older copy.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { startKeyring, type Keyring } from './keyring.ts';
import { bringIn, cell, cells, LIBRARY, PASSPHRASE, setUp, soon } from './steps.ts';

let host: Host;
let opened: Opened;

afterAll(closeBrowser);

const lock = async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+l');
  await page.getByRole('heading', { name: 'Locked' }).waitFor();
};
const unlock = async (page: Page, passphrase: string): Promise<void> => {
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.keyboard.press('Enter');
};
const settings = async (page: Page): Promise<void> => {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
};
/** Unlocking goes back to where one was: the settings, here. */
const gallery = async (page: Page): Promise<void> =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Gallery' }).click();
const shownKey = async (page: Page): Promise<string> => {
  await page.locator('ol.key').waitFor();
  return (await page.locator('ol.key b').allTextContents()).join('-');
};

describe('with a passphrase', () => {
  beforeEach(async () => {
    host = await startHost('en');
    opened = await openPage(host);
    await setUp(opened.page);
  });
  afterEach(async () => {
    await host.stop();
    expect(opened.complaints).toEqual([]);
  });

  it('counts the seconds after too many wrong tries, says so twice and not each second, and tells whoever opens it', async () => {
    const { page } = opened;
    await lock(page);
    for (let i = 0; i < 6; i += 1) {
      await page.getByRole('button', { name: 'Unlock' }).waitFor();
      await unlock(page, `wrong ${i}`);
      await page.getByText('That does not open this vault').waitFor();
    }
    const wait = page.getByRole('button', { name: /^Try again in \d+ s$/ });
    await wait.waitFor();
    expect(await wait.isDisabled()).toBe(true);
    const said = page.locator('form > [role="status"]');
    const words = await page.evaluate(async () => {
      const heard = new Set<string>();
      const live = [...document.querySelectorAll('form > [role="status"]')][0];
      const end = Date.now() + 20_000;
      while (document.querySelector('form button[type="submit"]:disabled') && Date.now() < end) {
        heard.add(live?.textContent?.trim() ?? '');
        await new Promise((painted) => requestAnimationFrame(painted));
      }
      return [...heard];
    });
    expect(words).toHaveLength(1);
    expect(words[0]).toMatch(/^Too many wrong tries/);
    await soon(async () => expect(await said.textContent()).toContain('You can try again now.'));
    await unlock(page, PASSPHRASE);
    const notices = page.getByRole('complementary', { name: 'Notices' });
    await notices.getByText(/^6 wrong tries since \d\d:\d\d\.$/).waitFor();
    await notices.getByRole('button', { name: 'Close' }).click();
    await notices.getByText(/wrong tries/).waitFor({ state: 'detached' });
  });

  it('locks by its key over a sheet, in a menu and while a field is typed in', async () => {
    const { page } = opened;
    await settings(page);
    await page.getByRole('button', { name: 'Change passphrase' }).click();
    await page.getByRole('dialog').waitFor();
    await lock(page);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await unlock(page, PASSPHRASE);
    await settings(page);
    await page.getByRole('button', { name: /^Lock by itself after/ }).click();
    await page.getByRole('menuitemradio', { name: '10 minutes' }).waitFor();
    await lock(page);
    await unlock(page, PASSPHRASE);
    await page.locator('#search').fill('x');
    await lock(page);
  });

  it('asks for a secret once more before the ways in are changed long after opening', async () => {
    const { page } = opened;
    await settings(page);
    await host.later(6 * 60_000);
    await page.getByRole('button', { name: 'Change passphrase' }).click();
    const prove = page.getByRole('dialog', { name: 'Once more, to be sure it is you' });
    await prove.getByLabel('Passphrase', { exact: true }).fill('not the one');
    await page.keyboard.press('Enter');
    await prove.getByText(/^That does not open this vault/).waitFor();
    await prove.getByRole('button', { name: 'Use the recovery key' }).click();
    await prove.getByLabel('Recovery key').fill('ZV1-');
    await prove.getByRole('button', { name: 'Use the passphrase' }).click();
    await prove.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'A passphrase for the vault' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New recovery key' }).click();
    await page.getByRole('dialog', { name: 'Make a new recovery key' }).waitFor();
  });

  it('chooses when the vault locks by itself and whether it follows the system', async () => {
    const { page } = opened;
    await settings(page);
    await page.getByText('Default: ten minutes').waitFor();
    await page.getByRole('button', { name: 'Lock by itself after: 10 minutes' }).click();
    await page.getByRole('menuitemradio', { name: '1 hour' }).click();
    await page.getByRole('button', { name: 'Lock by itself after: 1 hour' }).waitFor();
    const follow = page.getByRole('switch', { name: 'Lock when the computer sleeps or its screen is locked' });
    expect(await follow.getAttribute('aria-checked')).toBe('true');
    await follow.click();
    expect(await follow.getAttribute('aria-checked')).toBe('false');
    await page.reload();
    await settings(page);
    await page.getByRole('button', { name: 'Lock by itself after: 1 hour' }).waitFor();
    expect(await follow.getAttribute('aria-checked')).toBe('false');
  });

  it('tells the program of a person who is at work, and seldom', async () => {
    const { page, requests } = opened;
    const told = (): number => requests.filter((url) => url.endsWith('/call/vault_touch')).length;
    // Setting up was work.
    await soon(async () => expect(told()).toBeGreaterThan(0));
    const before = told();
    for (let i = 0; i < 50; i += 1) await page.mouse.move(300 + i, 300);
    expect(told() - before).toBeLessThanOrEqual(1);
  });

  it('lists the ways in, removes all but the last, and makes a recovery key again', async () => {
    const { page } = opened;
    await settings(page);
    await page.getByRole('button', { name: 'Remove the recovery key' }).click();
    const sheet = page.getByRole('dialog', { name: 'Remove the recovery key' });
    await sheet.getByText('If the other way in is lost, the vault is lost.').waitFor();
    await sheet.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('There is no recovery key').waitFor();
    expect(await page.getByRole('button', { name: /^Remove the/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Make one' }).click();
    await page.getByRole('button', { name: 'Make the new key' }).click();
    const key = await shownKey(page);
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('button', { name: 'Remove the passphrase' }).click();
    await page.getByRole('dialog').getByText('you have not confirmed that it is written down').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Only the recovery key opens it').waitFor();
    await lock(page);
    await page.getByLabel('Recovery key').fill(key);
    await page.keyboard.press('Enter');
    await gallery(page);
    await page.getByRole('heading', { name: 'Your pictures will live here' }).waitFor();
  });

  it('replaces the key for who knows the passphrase, and shows the new recovery key', async () => {
    const { page } = opened;
    await bringIn(page, host, LIBRARY);
    await settings(page);
    await page.getByRole('button', { name: 'Replace', exact: true }).click();
    const sheet = page.getByRole('dialog', { name: 'Replace the vault’s key' });
    await sheet.getByLabel('Your passphrase').fill('not the passphrase at all');
    await sheet.getByRole('button', { name: 'Replace the key' }).click();
    await sheet.getByText('That does not open this vault').waitFor();
    await sheet.getByLabel('Your passphrase').fill(PASSPHRASE);
    await sheet.getByRole('button', { name: 'Replace the key' }).click();
    const key = await shownKey(page);
    // The sheet waits for the first group that it asks for.
    const asked = page.getByLabel(/^Group \d+$/).first();
    await soon(async () => expect(await asked.evaluate((field) => field === document.activeElement)).toBe(true));
    await page.getByRole('button', { name: 'Later' }).click();
    await lock(page);
    await page.getByRole('button', { name: 'Use the recovery key' }).click();
    await page.getByLabel('Recovery key').fill(key);
    await page.keyboard.press('Enter');
    await gallery(page);
    await soon(async () => expect(await cells(page).count()).toBe(6));
    // Whoever needed the recovery key is offered a new passphrase, and may take one that is drawn.
    await page.getByRole('button', { name: 'Choose a passphrase' }).click();
    await page.getByRole('button', { name: 'Suggest one' }).click();
    const suggestion = page.getByRole('group', { name: 'Suggestion' }).locator('span');
    await suggestion.first().waitFor();
    const words = await suggestion.allTextContents();
    expect(words).toHaveLength(6);
    await page.getByLabel('Repeat the passphrase').fill(words.join(' '));
    await page.getByRole('button', { name: 'Protect', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('You came in by the recovery key.').waitFor({ state: 'detached' });
    await lock(page);
    await unlock(page, words.join(' '));
    await gallery(page);
    await soon(async () => expect(await cells(page).count()).toBe(6));
  });

  it('renews the keys, and tells what it protects while it is open and while it is locked', async () => {
    const { page } = opened;
    await settings(page);
    await page.getByRole('button', { name: 'Renew', exact: true }).click();
    await page.locator('[data-toast]').getByText(/Keys renewed/).waitFor();
    await page.getByRole('dialog', { name: 'Jobs' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.getByRole('heading', { name: 'What this protects' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await lock(page);
    await page.getByRole('button', { name: 'What this protects' }).click();
    await page.getByRole('heading', { name: 'When every way in is lost' }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await unlock(page, PASSPHRASE);
    await gallery(page);
    await page.getByRole('heading', { name: 'Your pictures will live here' }).waitFor();
  });
});

describe('with a keychain', () => {
  let keyring: Keyring;
  let key: string;
  beforeEach(async () => {
    keyring = await startKeyring();
    host = await startHost('en', keyring);
    opened = await openPage(host);
    const { page } = opened;
    // The keyring is there a moment after its bus.
    await soon(async () => {
      await page.reload();
      await page.locator('[data-first]').click();
      await page.locator('[data-next]').click();
      await page.getByRole('radiogroup', { name: 'Protect your vault' }).waitFor({ timeout: 1000 });
    });
    await page.getByRole('button', { name: 'Protect and continue' }).click();
    key = await shownKey(page);
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('button', { name: 'Start without pictures' }).click();
  });
  afterEach(async () => {
    await host.stop();
    await keyring.stop();
    expect(opened.complaints).toEqual([]);
  });

  it('tells a key that is gone from one that another secret store has', async () => {
    const { page } = opened;
    await lock(page);
    const clear = ['clear', 'service', 'ai.z-image.desktop'];
    expect(spawnSync('secret-tool', clear, { env: { ...process.env, ...keyring.env } }).status).toBe(0);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('alert').getByText('GNOME Keyring answers, and has no key for this vault any more').waitFor();
    // As where the vault came from another desktop.
    await page.route('**/call/status', async (route) => {
      const status = await (await route.fetch()).json();
      await route.fulfill({ json: { ...status, keychain: 'kwallet' } });
    });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').getByText('protected with KWallet, and GNOME Keyring answers now').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByRole('button', { name: 'Use the recovery key' }).click();
    await page.getByLabel('Recovery key').fill(key);
    await page.keyboard.press('Enter');
    await gallery(page);
  });

  it('opens by the recovery key when the keychain is gone, and offers a new way in', async () => {
    const { page } = opened;
    await lock(page);
    await keyring.stop();
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('alert').getByText('No keychain answers').waitFor();
    await page.getByRole('alert').getByText(/GNOME Keyring/).waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.getByRole('button', { name: 'Use the recovery key' }).click();
    await page.getByLabel('Recovery key').fill(key);
    await page.keyboard.press('Enter');
    const notices = page.getByRole('complementary', { name: 'Notices' });
    await notices.getByText('The keychain no longer opens this vault.').waitFor();
    await notices.getByRole('button', { name: 'Choose a passphrase' }).click();
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Protect', exact: true }).click();
    await notices.getByText('The keychain no longer opens this vault.').waitFor({ state: 'detached' });
    // What the keychain had may lie in copies of it.
    const toast = page.locator('[data-toast]');
    await toast.getByText('older copies still open with the keychain’s key').waitFor();
    await toast.getByRole('button', { name: 'Replace the key' }).waitFor();
    await lock(page);
    await unlock(page, PASSPHRASE);
    await page.getByRole('heading', { name: 'Your pictures will live here' }).waitFor();
  });

  it('names an older copy of the vault until it is accepted', async () => {
    const { page } = opened;
    await bringIn(page, host, LIBRARY);
    await lock(page);
    const vaults = join(host.folder, 'data', 'vaults');
    const kept = join(host.folder, 'kept');
    cpSync(vaults, kept, { recursive: true });
    await page.getByRole('button', { name: 'Unlock' }).click();
    await soon(async () => expect(await cells(page).count()).toBe(6));
    await cell(page, 0).click();
    await page.keyboard.press('Delete');
    await soon(async () => expect(await cells(page).count()).toBe(5));
    await lock(page);
    for (const name of readdirSync(vaults)) rmSync(join(vaults, name), { recursive: true });
    cpSync(kept, vaults, { recursive: true });
    await page.getByRole('button', { name: 'Unlock' }).click();
    await soon(async () => expect(await cells(page).count()).toBe(6));
    const notices = page.getByRole('complementary', { name: 'Notices' });
    await notices.getByText('This vault is an older copy.').waitFor();
    await notices.getByRole('button', { name: 'Go on with this copy' }).click();
    await notices.getByText('This vault is an older copy.').waitFor({ state: 'detached' });
    await lock(page);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await soon(async () => expect(await cells(page).count()).toBe(6));
    expect(await notices.getByText('This vault is an older copy.').count()).toBe(0);
  });
});
