// Backups, destroying a vault, and saving what is whole out of a damaged one.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { bringIn, cells, LIBRARY, PASSPHRASE, setUp, soon } from './steps.ts';

let host: Host;
let opened: Opened;

afterAll(closeBrowser);

const folders = (): string[] => readdirSync(join(host.folder, 'data', 'vaults'));

/** Turns a byte over in the middle of every page of the second half: there lie sealed pictures. */
function spoil(file: string): void {
  const bytes = readFileSync(file);
  for (let at = Math.floor(bytes.length / 8192) * 4096 + 2048; at < bytes.length; at += 4096) {
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  }
  writeFileSync(file, bytes);
}

describe('a vault with pictures', () => {
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

  it('is backed up, the backup verifies, and once it is destroyed the first screens make it again of the backup', async () => {
    const { page } = opened;
    const toast = page.locator('[data-toast]');
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Settings' }).click();
    await page.getByText(/^The vault takes .* can be given back\.$/).waitFor();
    const file = join(host.folder, 'backup.zip');
    await host.pick([file]);
    await page.getByRole('button', { name: 'Back up', exact: true }).click();
    await toast.getByText(/^6 pictures backed up/).waitFor();
    expect(existsSync(file)).toBe(true);
    await page.getByRole('dialog', { name: 'Jobs' }).waitFor({ state: 'hidden' });
    await host.pick([file]);
    await page.getByRole('button', { name: 'Choose a backup to verify' }).click();
    await toast.getByText('Backup verified · all 6 pictures are in it').waitFor();
    await page.getByRole('dialog', { name: 'Jobs' }).waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: 'Destroy', exact: true }).click();
    const sheet = page.getByRole('dialog', { name: 'Destroy the vault' });
    const act = sheet.getByRole('button', { name: 'Destroy for good' });
    for (const word of ['', 'destro', 'yes']) {
      await sheet.getByLabel('Type “destroy” to go on').fill(word);
      expect(await act.isDisabled()).toBe(true);
      await page.keyboard.press('Enter');
      expect(folders()).toHaveLength(1);
    }
    await sheet.getByLabel('Type “destroy” to go on').fill('Destroy');
    await act.click();
    const told = page.getByRole('dialog', { name: 'The vault is destroyed' });
    await told.getByText(/delete them yourself/).waitFor();
    expect(folders()).toEqual([]);
    expect(existsSync(file)).toBe(true);
    await told.getByRole('button', { name: 'Close' }).click();
    // On a computer without a vault the first screens take the backup.
    await page.getByRole('button', { name: 'Continue' }).click();
    await host.pick([join(host.folder, 'no-such-file')]);
    await page.getByRole('button', { name: 'Make a vault from a backup' }).click();
    await page.locator('main .ended').waitFor();
    await host.pick([file]);
    await page.getByRole('button', { name: 'Make a vault from a backup' }).click();
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
    expect(folders()).toHaveLength(1);
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: /^Gallery/ }).click();
    await soon(async () => expect(await cells(page).count()).toBe(6));
  });

  it('begins anew after it was destroyed as the first one did', async () => {
    const { page } = opened;
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Destroy', exact: true }).click();
    const sheet = page.getByRole('dialog', { name: 'Destroy the vault' });
    await sheet.getByLabel('Type “destroy” to go on').fill('destroy');
    await sheet.getByRole('button', { name: 'Destroy for good' }).click();
    await page.getByRole('dialog', { name: 'The vault is destroyed' }).getByRole('button', { name: 'Close' }).click();
    await setUp(page);
  });

  it('is checked in seconds and in full; what is hurt is told until it is seen to, and what is whole is saved', async () => {
    const { page } = opened;
    const toast = page.locator('[data-toast]');
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Check the files' }).click();
    await toast.getByText('Quick check · the vault’s files are sound').waitFor();
    await page.getByRole('dialog', { name: 'Jobs' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await toast.getByText('Integrity checked · all 6 read back well').waitFor();
    await page.getByRole('dialog', { name: 'Jobs' }).waitFor({ state: 'hidden' });
    await page.getByText(/Last on .*: all was whole\.$/).waitFor();
    const monthly = page.getByRole('switch', { name: 'Each month by itself' });
    expect(await monthly.getAttribute('aria-checked')).toBe('true');
    await monthly.click();
    await page.locator('[role="switch"][aria-label="Each month by itself"][aria-checked="false"]').waitFor();
    expect(await page.getByRole('button', { name: 'Save an archive' }).count()).toBe(0);

    const [folder] = folders();
    await page.keyboard.press('Control+l');
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
    spoil(join(host.folder, 'data', 'vaults', folder ?? '', 'images.db'));
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await toast.getByText(/^Integrity checked · [1-6] not readable$/).waitFor();
    await page.keyboard.press('Escape');
    const notices = page.getByRole('complementary', { name: 'Notices' });
    await notices.getByText('The last check found damage.').waitFor();
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Gallery' }).click();
    await notices.getByRole('button', { name: 'See the checks' }).click();
    await page.getByText(/Last on .*: something was damaged\.$/).waitFor();
    const file = join(host.folder, 'saved.zip');
    await host.pick([file]);
    await page.locator('#checks').getByRole('button', { name: 'Save an archive' }).click();
    await toast.getByText(/^\d pictures? saved · [1-6] with losses$/).waitFor();
    expect(existsSync(file)).toBe(true);
  });

  it('is saved as far as it is whole when it does not open any more', async () => {
    const { page } = opened;
    await page.keyboard.press('Control+l');
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
    const [folder] = folders();
    rmSync(join(host.folder, 'data', 'vaults', folder ?? '', 'images.db'));
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    const file = join(host.folder, 'saved.zip');
    await host.pick([file]);
    await page.getByRole('button', { name: 'Save what can be saved' }).click();
    // What was saved is told behind the lock as well: numbers, and no name.
    await page.getByText('6 pictures saved · 6 with losses').waitFor();
    expect(await page.content()).not.toContain('saved.zip');
    expect(existsSync(file)).toBe(true);
    expect(folders()).toEqual([folder]);
  });
});
