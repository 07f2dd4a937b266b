// axe on every screen and sheet, in both languages and both themes.
import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage, startHost, type Host } from './host.ts';
import { startKeyring } from './keyring.ts';
import { looker, type Look } from './looker.ts';
import { writePictures } from './pictures.ts';
import { bringIn, cell, cells, LIBRARY, PASSPHRASE, setUp, soon } from './steps.ts';

afterAll(closeBrowser);

/** The page is told another status, as the program would tell it where that can't be made to happen in a moment. */
async function tell(page: Page, change: (status: object) => object): Promise<void> {
  await page.unroute('**/call/status');
  await page.route('**/call/status', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: change((await answer.json()) as object) });
  });
  await page.reload();
}

async function firstRun(page: Page, look: Look): Promise<void> {
  await page.locator('[data-first]').waitFor();
  await look('language');
  await page.locator('[data-first]').click();
  await look('promise');
  await page.locator('[data-next]').click();
  const fields = page.locator('form input[type="password"]');
  await fields.nth(0).fill(PASSPHRASE);
  await fields.nth(1).fill('something else');
  await look('protect');
  await fields.nth(1).fill(PASSPHRASE);
  await page.locator('form button[type="submit"]').click();
  await page.locator('ol.key').waitFor();
  await look('recovery');
  await page.getByRole('button', { name: 'Later' }).click();
  await page.locator('ul label').first().waitFor();
  await look('pictures');
  await page.getByRole('button', { name: 'Start without pictures' }).click();
}

async function bringing(page: Page, host: Host, look: Look): Promise<void> {
  await page.locator('.frames').waitFor();
  await page.locator('ul label').first().waitFor();
  await look('empty gallery');
  await page.locator('.acts button').first().click();
  await page.locator('dialog .foot button').nth(1).waitFor();
  await look('plan');
  await host.hold(true);
  await page.locator('dialog .foot button').last().click();
  await page.getByRole('dialog', { name: 'Jobs' }).getByText(/\d of \d/).waitFor();
  await look('job at work');
  await host.hold(false);
  await page.locator('[data-toast] button').hover();
  await look('jobs and toast');
  await page.locator('[data-toast] button').click();
  await page.locator('dialog').waitFor();
  await look('report');
  await page.keyboard.press('Escape');
  await soon(async () => expect(await cells(page).count()).toBe(6));
  await look('gallery');
  const finger = await page.context().newCDPSession(page);
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    finger.send('Input.dispatchDragEvent', {
      type, x: 700, y: 400, data: { items: [], files: [join(host.home, 'ComfyUI/output')], dragOperationsMask: 1 },
    });
  await drag('dragEnter');
  await drag('dragOver');
  await page.locator('.over').waitFor();
  await look('files over the window');
  await drag('drop');
  await page.locator('.over').waitFor({ state: 'detached' });
  await host.pick([join(host.folder, 'no such folder', 'x.zip')]);
  await page.keyboard.press('Control+Shift+e');
  await page.locator('[data-toast].failure').hover();
  await look('failed job');
  await page.locator('[data-toast]').getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('Escape');
}

async function pictures(page: Page, look: Look): Promise<void> {
  await cell(page, 0).click();
  await page.locator('aside dl').first().waitFor();
  await look('inspector');
  await page.locator('aside details summary').last().click();
  await look('original metadata');
  await cell(page, 2).click({ modifiers: ['Control'] });
  await page.locator('.fan').waitFor();
  await look('several selected');
  await page.locator('button[popovertarget="sort"]').click();
  await look('menu');
  await page.keyboard.press('Escape');
  await cell(page, 0).click();
  await page.keyboard.press('t');
  await page.locator('dialog').waitFor();
  await look('tag sheet');
  await page.keyboard.press('Escape');
  // Whoever does not move for a while looks at the picture alone.
  let step = 0;
  const stir = async (): Promise<void> => {
    step += 1;
    await page.mouse.move(700 + step, 300);
    await page.locator('.viewer:not(.faded)').waitFor();
  };
  await page.keyboard.press('Enter');
  await page.locator('img.full.there').waitFor();
  await look('viewer', stir);
  await page.keyboard.press('i');
  await look('viewer without its panel', stir);
  await page.keyboard.press('i');
  await page.keyboard.press('Escape');
  await page.locator('.viewer').waitFor({ state: 'detached' });
  await page.keyboard.press('Space');
  await page.locator('img.full.there').waitFor();
  await look('quick look', stir);
  await page.keyboard.press('Space');
  await page.locator('#search').fill('zzzz');
  await page.locator('.nothing').waitFor();
  await look('no hits');
  await page.locator('#search').fill('');
  await soon(async () => expect(await cells(page).count()).toBe(6));
}

async function trash(page: Page, look: Look): Promise<void> {
  await page.locator('nav button').nth(1).click();
  await page.getByRole('heading', { name: 'No favourites yet' }).waitFor();
  await look('no favourites');
  await page.locator('nav button').nth(2).click();
  await page.getByRole('heading', { name: 'The trash is empty' }).waitFor();
  await look('empty trash');
  await page.locator('nav button').nth(0).click();
  await soon(async () => expect(await cells(page).count()).toBe(6));
  await cell(page, 0).click();
  await page.keyboard.press('Delete');
  await page.locator('nav button').nth(2).click();
  await soon(async () => expect(await cells(page).count()).toBe(1));
  await cell(page, 0).click();
  await look('trash');
  await page.keyboard.press('Delete');
  await page.locator('dialog').waitFor();
  await look('erase sheet');
  await page.keyboard.press('Escape');
}

async function settings(page: Page, host: Host, look: Look): Promise<void> {
  await page.locator('nav button').nth(0).click();
  await page.locator('main aside').getByRole('button', { name: 'Show' }).click();
  await page.locator('dialog ol.key').waitFor();
  await look('recovery sheet');
  await page.getByRole('dialog').getByRole('button', { name: 'Later' }).click();
  await page.locator('nav button').nth(4).click();
  await look('settings');
  await page.locator('.settings').evaluate((page) => page.scrollTo(0, 420));
  await look('settings, locking and keys');
  await page.locator('[popovertarget="lock-after"]').click();
  await look('settings, when to lock');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Remove the recovery key' }).click();
  await page.locator('dialog').waitFor();
  await look('remove a way in');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Replace', exact: true }).click();
  await page.locator('dialog input').fill('something else');
  await page.locator('dialog button[type="submit"]').click();
  await page.locator('dialog [role="alert"]').waitFor();
  await look('replace the key');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  await page.getByRole('heading', { name: 'What this protects' }).waitFor();
  await look('what this protects');
  await page.locator('.page').evaluate((page) => page.scrollTo(0, 1400));
  await look('what this protects, further down');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Back up', exact: true }).scrollIntoViewIfNeeded();
  await look('settings, backup and room');
  await page.locator('#checks').scrollIntoViewIfNeeded();
  await look('settings, checks');
  await page.getByRole('button', { name: 'Give it a name' }).click();
  await page.locator('dialog input').fill('夜の仕事 – drafts nobody has seen');
  await look('name of a vault');
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Destroy', exact: true }).click();
  await page.getByRole('dialog', { name: 'Destroy the vault' }).waitFor();
  await look('destroy sheet');
  await page.locator('dialog input').fill('destroy');
  await look('destroy sheet, word typed');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Change passphrase' }).click();
  const fields = page.locator('dialog input[type="password"]');
  await fields.nth(0).fill('passwordpassword');
  await fields.nth(1).fill('something else');
  await look('passphrase sheet');
  await page.locator('dialog .suggest button').click();
  await page.locator('dialog .phrase').waitFor();
  await look('suggested passphrase');
  await page.keyboard.press('Escape');
  await host.later(6 * 60_000);
  await page.getByRole('button', { name: 'New recovery key' }).click();
  await page.getByRole('dialog', { name: 'Once more, to be sure it is you' }).waitFor();
  await look('secret once more');
  await page.locator('dialog input').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Make a new recovery key' }).waitFor();
  await look('new recovery key');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.locator('dialog').waitFor();
  await look('shortcuts');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.locator('dialog').waitFor();
  await look('palette');
  await page.keyboard.press('Escape');
}

/** Another vault, and the choice between the two; ends with the first one locked. */
async function several(page: Page, look: Look): Promise<void> {
  await page.getByRole('button', { name: 'Make another', exact: true }).click();
  const sheet = page.locator('dialog');
  await sheet.locator('input').first().fill('Trials');
  await look('another vault');
  await sheet.locator('input[type="password"]').nth(0).fill(PASSPHRASE);
  await sheet.locator('input[type="password"]').nth(1).fill(PASSPHRASE);
  await sheet.locator('button[type="submit"]').click();
  await sheet.locator('ol.key').waitFor();
  await sheet.getByRole('button', { name: 'Later' }).click();
  await page.locator('nav button').nth(4).click();
  await page.getByRole('button', { name: /^Use this one: 夜の仕事/ }).waitFor();
  await look('settings, vaults');
  await page.getByRole('button', { name: /^Use this one: 夜の仕事/ }).click();
  await page.locator('main form').waitFor();
  await look('locked, one of two vaults');
  await page.locator('main footer button').last().click();
  await page.locator('dialog').waitFor();
  await look('choice of vaults');
  await page.locator('dialog [role="switch"]').click();
  await page.getByRole('button', { name: 'Use this one: Vault 2' }).waitFor();
  await look('choice of vaults, names hidden');
  await page.keyboard.press('Escape');
  await page.locator('main form input').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
  await tell(page, (status) => ({ ...status, checked_at: Date.now() - 86_400_000, checked_whole: false }));
  await page.getByText('The last check found damage.').waitFor();
  await page.getByRole('button', { name: 'See the checks' }).click();
  await look('told of damage');
  await page.unroute('**/call/status');
  await page.reload();
  await page.locator('nav').waitFor();
}

async function locked(page: Page, host: Host, look: Look): Promise<void> {
  await page.keyboard.press('Control+l');
  await page.locator('main form').waitFor();
  await look('locked');
  await page.locator('main form input').fill('wrong');
  await page.keyboard.press('Enter');
  await page.locator('[role="alert"] span').waitFor();
  await look('locked, refused');
  await page.getByRole('button', { name: 'Use the recovery key' }).click();
  await look('locked, recovery key');
  await page.getByRole('button', { name: 'What this protects' }).click();
  await look('locked, what this protects');
  await page.getByRole('button', { name: 'Back' }).click();
  // One wrong try is enough to be told of.
  await page.locator('main form input').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.getByText(/wrong (try|tries) since/).waitFor();
  await look('told of a wrong try');
  await page.keyboard.press('Control+l');
  // The larger one: the other vault is empty.
  const kept = join(host.folder, 'data', 'vaults');
  const files = readdirSync(kept).map((name) => join(kept, name, 'images.db'));
  const images = files.toSorted((a, b) => statSync(b).size - statSync(a).size)[0] ?? '';
  renameSync(images, join(host.folder, 'images.db'));
  await page.locator('main form input').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await host.pick([join(host.folder, 'saved.zip')]);
  await page.getByRole('button', { name: 'Save what can be saved' }).click();
  await page.getByText('pictures saved').waitFor();
  await look('locked, saved what could be saved');
  renameSync(join(host.folder, 'images.db'), images);
  for (let i = 0; i < 8; i += 1) {
    await page.locator('form button[type="submit"]:not(:disabled)').waitFor();
    await page.locator('main form input').fill(`wrong ${i}`);
    await page.keyboard.press('Enter');
    await page.locator('[role="alert"] span').waitFor();
  }
  await page.locator('form button[type="submit"]:disabled').waitFor();
  await look('locked, waiting');
  const vaults = join(host.folder, 'data', 'vaults');
  for (const name of readdirSync(vaults, { recursive: true, encoding: 'utf8' })) {
    if (/vault\.keys/.test(name)) writeFileSync(join(vaults, name), 'no longer a header');
  }
  await page.reload();
  await page.getByRole('heading', { name: 'The keys of the vault can’t be read' }).waitFor();
  await look('damaged vault');
}

describe('every screen is free of known faults', () => {
  it('from the first start to a damaged vault', async () => {
    const host = await startHost('en');
    writePictures(join(host.home, 'ComfyUI/output'), LIBRARY);
    writeFileSync(join(host.home, 'ComfyUI/output/broken.png'), 'no picture');
    const { page, complaints } = await openPage(host);
    const found: string[] = [];
    const look = looker(page, host, found);
    try {
      await firstRun(page, look);
      await bringing(page, host, look);
      await pictures(page, look);
      await trash(page, look);
      await settings(page, host, look);
      await several(page, look);
      await locked(page, host, look);
    } finally {
      await host.hold(false);
      await host.stop();
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  }, 600_000);

  it('where work is reported and a vault is destroyed', async () => {
    const host = await startHost('en');
    const { page } = await openPage(host);
    const found: string[] = [];
    const look = looker(page, host, found);
    const sheet = page.locator('dialog');
    try {
      await setUp(page);
      await bringIn(page, host, LIBRARY);
      await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Settings' }).click();
      const file = (name: string): string => join(host.folder, name);
      for (const [act, name] of [
        ['Export', 'export.zip'], ['Verify', 'export.zip'], ['Check', ''], ['Back up', 'backup.zip'], ['Compact', ''],
      ] as const) {
        if (name !== '') await host.pick([file(name)]);
        await page.getByRole('button', { name: act, exact: true }).click();
        await page.locator('[data-toast]').getByRole('button', { name: 'Show report' }).click();
        await sheet.waitFor();
        await look(`report of ${act}`);
        await page.keyboard.press('Escape');
        await sheet.waitFor({ state: 'detached' });
        await page.locator('[data-toast]').waitFor({ state: 'detached' });
      }
      await page.getByRole('button', { name: 'Destroy', exact: true }).click();
      await sheet.locator('input').fill('destroy');
      await sheet.getByRole('button', { name: 'Destroy for good' }).click();
      await page.getByRole('dialog', { name: 'The vault is destroyed' }).waitFor();
      await look('destroyed');
    } finally {
      await host.stop();
    }
    expect(found).toEqual([]);
  }, 300_000);

  it('where a keychain protects the vault', async () => {
    const keyring = await startKeyring();
    const host = await startHost('en', keyring);
    const { page } = await openPage(host);
    const found: string[] = [];
    const look = looker(page, host, found);
    try {
      await page.locator('[data-first]').click();
      await page.locator('[data-next]').click();
      await soon(async () => {
        await page.reload();
        await page.locator('[data-first]').click();
        await page.locator('[data-next]').click();
        await page.getByRole('radiogroup', { name: 'Protect your vault' }).waitFor({ timeout: 1000 });
      });
      await look('protect by keychain');
      await page.locator('form button[type="submit"]').click();
      await page.locator('ol.key').waitFor();
      const key = (await page.locator('ol.key b').allTextContents()).join('-');
      await page.getByRole('button', { name: 'Later' }).click();
      await page.getByRole('button', { name: 'Start without pictures' }).click();
      await page.locator('nav button').nth(4).click();
      await look('settings with a keychain');
      await page.keyboard.press('Control+l');
      await page.locator('main form').waitFor();
      await look('locked with a keychain');
      await keyring.stop();
      await page.locator('form button[type="submit"]').click();
      await page.locator('[role="alert"]').getByText(/keychain/).waitFor();
      await look('locked, the keychain is gone');
      await page.getByRole('button', { name: 'Use the recovery key' }).click();
      await page.getByLabel('Recovery key').fill(key);
      await page.keyboard.press('Enter');
      await page.getByText('The keychain no longer opens this vault.').waitFor();
      await look('told of a dead keychain');
      await tell(page, (status) => ({ ...status, older_copy: true }));
      await page.getByText('This vault is an older copy.').waitFor();
      await look('told of an older copy');
      await tell(page, (status) => ({ ...status, synced_by: 'dropbox' }));
      await page.getByText('The vault lies in a folder of Dropbox').waitFor();
      await look('told of a folder that is copied elsewhere');
      await page.keyboard.press('Control+l');
      await tell(page, (status) => ({ ...status, resting: true }));
      await page.getByText('Work in progress comes to its end first.').waitFor();
      await look('locked, work in progress');
      for (const code of ['keychain_locked', 'keychain_missing', 'keychain_garbage', 'keychain_unanswered']) {
        await page.route('**/call/vault_unlock', (route) => route.fulfill({ status: 409, json: { code } }));
        await page.locator('form button[type="submit"]').click();
        await page.locator(`[data-trouble="${code}"]`).waitFor();
        await look(`locked, ${code.replace('_', ' ')}`);
        await page.unroute('**/call/vault_unlock');
      }
      await page.unrouteAll({ behavior: 'wait' });
    } finally {
      await host.stop();
      await keyring.stop();
    }
    expect(found).toEqual([]);
  }, 300_000);
});
