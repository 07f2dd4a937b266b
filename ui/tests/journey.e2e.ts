// The main job from the first screen to the lock, by clicks and keys, in both languages.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { writePictures } from './pictures.ts';
import { bringIn, cell, cells, LIBRARY, PASSPHRASE, setUp, soon } from './steps.ts';

let host: Host;
let opened: Opened;

afterAll(closeBrowser);

describe('in English', () => {
  beforeEach(async () => {
    host = await startHost('en');
    opened = await openPage(host);
  });
  afterEach(async () => {
    await host.stop();
    expect(opened.complaints).toEqual([]);
    const { origin } = new URL(host.url);
    expect(opened.requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
  });

  it('makes a vault, checks the recovery key and brings in what was found', async () => {
    writePictures(join(host.home, 'ComfyUI/output'), LIBRARY);
    const { page } = opened;
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Yours, and it shows.' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();

    // Without a keychain a passphrase is needed, and a weak one does not do.
    await page.getByText('This computer has no keychain that answers').waitFor();
    const protect = page.getByRole('button', { name: 'Protect and continue' });
    await page.getByLabel('Passphrase', { exact: true }).fill('passwordpassword');
    await page.getByLabel('Repeat the passphrase').fill('passwordpassword');
    expect(await protect.isDisabled()).toBe(true);
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByText('The two are not the same.').waitFor();
    await page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
    await protect.click();

    await page.locator('ol.key').waitFor();
    const groups = await page.locator('ol.key b').allTextContents();
    expect(groups[0]).toBe('ZV1');
    // It is copied by its button alone: what is selected the desktop has, and any program can read it there.
    await page.locator('ol.key b').nth(2).dblclick();
    await page.keyboard.press('Control+a');
    expect(await page.evaluate(() => getSelection()?.toString() ?? '')).not.toContain(groups[2]);
    await page.getByRole('button', { name: 'Copy' }).click();
    await soon(async () => expect(await host.copied()).toBe(groups.join('-')));
    const sheet = join(host.folder, 'key.html');
    await host.pick([sheet]);
    await page.getByRole('button', { name: 'Save a page to print' }).click();
    await soon(async () => expect(existsSync(sheet)).toBe(true));

    const asked = page.getByLabel(/^Group \d+$/);
    for (let i = 0; i < 2; i += 1) await asked.nth(i).fill('0000');
    await page.getByRole('button', { name: 'It is written down' }).click();
    await soon(async () => expect(await page.getByText('This is not that group.').count()).toBe(2));
    const right = async (label: string): Promise<void> => {
      const place = Number(/\d+/.exec(label)?.[0]) - 1;
      await page.getByLabel(label, { exact: true }).fill((groups[place] ?? '').toLowerCase());
    };
    const labels = await page.locator('.ask label').allTextContents();
    await right(labels[0] ?? '');
    await page.getByRole('button', { name: 'It is written down' }).click();
    // Only the one that is wrong is marked, and has the focus.
    await soon(async () => expect(await page.getByText('This is not that group.').count()).toBe(1));
    expect(await page.getByLabel(labels[0] ?? '', { exact: true }).getAttribute('aria-invalid')).toBe(null);
    expect(await page.getByLabel(labels[1] ?? '', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel(labels[1] ?? '', { exact: true }).evaluate((it) => it === document.activeElement)).toBe(true);
    await right(labels[1] ?? '');
    await page.getByRole('button', { name: 'It is written down' }).click();

    await page.getByText('~/ComfyUI/output').waitFor();
    await page.getByRole('button', { name: 'Import 6 pictures' }).click();
    const plan = page.getByRole('dialog', { name: 'Import' });
    await plan.getByRole('button', { name: 'Import 6 pictures' }).click();
    await page.locator('[data-toast]').getByText('6 pictures imported').waitFor();
    await soon(async () => expect(await cells(page).count()).toBe(6));
    // The key was confirmed: nothing reminds.
    expect(await page.getByText('is not confirmed yet').count()).toBe(0);
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'November 2026 3', 'October 2026 2', 'May 2025 1',
    ]);
  });

  it('offers no pictures to who comes back to a vault that has some', async () => {
    const { page } = opened;
    await setUp(page);
    await bringIn(page, host, LIBRARY);
    await host.settings({ introduced: false });
    await page.reload();
    await soon(async () => expect(await cells(page).count()).toBe(6));
    expect(await page.getByRole('heading', { name: 'Bring your pictures' }).count()).toBe(0);
  });

  it('takes the same pictures once and names those that it could not take', async () => {
    const { page } = opened;
    await setUp(page);
    await bringIn(page, host, LIBRARY);
    const folder = join(host.folder, 'again');
    writePictures(folder, LIBRARY);
    writeFileSync(join(folder, 'broken.png'), 'no picture at all');
    writeFileSync(join(folder, 'empty.png'), '');
    writePictures(folder, [{ name: 'new.png', prompt: 'one more', width: 64, height: 48 }]);
    await host.drop([folder]);
    const plan = page.getByRole('dialog', { name: 'Import' });
    await plan.getByRole('button', { name: 'Import 1 picture' }).click();
    await page.locator('[data-toast]').getByText('1 picture imported').waitFor();
    // What did not go well stays to be read.
    expect(await page.getByRole('dialog', { name: 'Jobs' }).isVisible()).toBe(true);
    await page.locator('[data-toast]').getByRole('button', { name: 'Show report' }).click();
    const report = page.getByRole('dialog', { name: 'Report' });
    await report.getByText('broken.png').waitFor();
    await report.getByText('empty.png').waitFor();
    await report.getByText('Empty file').waitFor();
    const left = report.getByRole('list', { name: 'Left where they are' });
    expect(await left.getByText('Already in the vault').count()).toBe(6);
    await report.getByRole('button', { name: 'Close' }).click();
    await soon(async () => expect(await cells(page).count()).toBe(7));
  });

  it('is not stopped by an Enter that comes before the plan stands', async () => {
    const { page } = opened;
    await setUp(page);
    const folder = join(host.folder, 'early');
    writePictures(folder, LIBRARY);
    await host.hold(true);
    await host.drop([folder]);
    const plan = page.getByRole('dialog', { name: 'Import' });
    await plan.getByRole('button', { name: 'Cancel' }).waitFor();
    await page.keyboard.press('Enter');
    await host.hold(false);
    await plan.getByRole('button', { name: 'Import 6 pictures' }).waitFor();
    await soon(async () => expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Import 6 pictures'));
    await page.keyboard.press('Enter');
    await soon(async () => expect(await cells(page).count()).toBe(6));
  });

  it('takes a picture out of the trash when it is brought in once more', async () => {
    const { page } = opened;
    await setUp(page);
    await bringIn(page, host, LIBRARY);
    await cell(page, 0).click();
    await page.keyboard.press('Delete');
    await soon(async () => expect(await cells(page).count()).toBe(5));
    const folder = join(host.folder, 'once-more');
    writePictures(folder, LIBRARY);
    await host.drop([folder]);
    const plan = page.getByRole('dialog', { name: 'Import' });
    await plan.getByText('In the trash, come out of it').waitFor();
    await plan.getByRole('button', { name: 'Take 1 picture out of the trash' }).click();
    await soon(async () => expect(await cells(page).count()).toBe(6));
    // What opened by itself lies over nothing when there is nothing left to follow.
    await page.getByRole('dialog', { name: 'Jobs' }).waitFor({ state: 'hidden' });
  });

  it('moves a picture to the trash and back, and erases one for good only after it asked', async () => {
    const { page } = opened;
    await setUp(page);
    await bringIn(page, host, LIBRARY);
    await cell(page, 0).click();
    await page.keyboard.press('Delete');
    await soon(async () => expect(await cells(page).count()).toBe(5));
    await page.keyboard.press('Control+z');
    await soon(async () => expect(await cells(page).count()).toBe(6));

    await cell(page, 1).click();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: /^Trash\s*1$/ }).click();
    await soon(async () => expect(await cells(page).count()).toBe(1));
    await cell(page, 0).click();
    await page.getByRole('button', { name: 'Erase for good' }).click();
    const sheet = page.getByRole('dialog', { name: 'Erase 1 picture for good' });
    await sheet.getByText('Not reached:').waitFor();
    // The safe answer has the focus.
    expect(await sheet.getByRole('button', { name: 'Cancel' }).evaluate((b) => b === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await soon(async () => expect(await cells(page).count()).toBe(1));
    await page.getByRole('button', { name: 'Erase for good' }).click();
    await sheet.getByRole('button', { name: 'Erase 1 picture for good' }).click();
    await page.getByText('The trash is empty').waitFor();
    // The renewal of the keys that follows does not take the place of what was done.
    await page.getByRole('button', { name: 'Jobs' }).click();
    await page.getByRole('dialog', { name: 'Jobs' }).getByText('Keys renewed').waitFor();
    await page.locator('[data-toast]').getByText('1 picture erased for good').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Gallery/ }).click();
    await soon(async () => expect(await cells(page).count()).toBe(5));
  });

  it('exports everything, verifies the archive and takes it in again', async () => {
    const { page } = opened;
    await setUp(page);
    await bringIn(page, host, LIBRARY);
    const archive = join(host.folder, 'everything.zip');
    await page.getByRole('button', { name: 'Settings' }).click();
    await host.pick([archive]);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.locator('[data-toast]').getByText(/6 pictures exported/).waitFor();
    expect(existsSync(archive)).toBe(true);
    await page.getByRole('dialog', { name: 'Jobs' }).waitFor({ state: 'hidden' });
    await host.pick([archive]);
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.locator('[data-toast]').getByText(/Archive verified · all/).waitFor();
    await page.getByRole('dialog', { name: 'Jobs' }).waitFor({ state: 'hidden' });
    await host.pick([archive]);
    await page.getByRole('button', { name: 'Choose an archive' }).click();
    await page.locator('[data-toast]').getByText('0 pictures brought in from the archive').waitFor();
    await page.getByRole('dialog', { name: 'Jobs' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.locator('[data-toast]').getByText('Integrity checked · all 6 read back well').waitFor();
  });

  it('locks by key, shows nothing of the vault, and opens again with the passphrase or the recovery key', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Protect and continue' }).click();
    await page.locator('ol.key').waitFor();
    const key = (await page.locator('ol.key b').allTextContents()).join('-');
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('button', { name: 'Start without pictures' }).click();
    await bringIn(page, host, LIBRARY);
    // The key was put off: the person is reminded, now and after every opening.
    await page.getByText('Your recovery key is not confirmed yet.').waitFor();
    await page.keyboard.press('Control+l');
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
    const text = await page.evaluate(() => document.documentElement.outerHTML);
    for (const { prompt, name } of LIBRARY) {
      expect(text).not.toContain(prompt.slice(0, 6));
      expect(text).not.toContain(name);
    }
    const field = page.getByLabel('Passphrase', { exact: true });
    await field.fill('not the passphrase at all');
    await page.keyboard.press('Enter');
    await page.getByText('That does not open this vault').waitFor();
    await page.getByRole('button', { name: 'Use the recovery key' }).click();
    await page.getByLabel('Recovery key').fill('ZV1-NOPE');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('That is not a whole recovery key').waitFor();
    await page.getByLabel('Recovery key').fill(key);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await soon(async () => expect(await cells(page).count()).toBe(6));
    await page.keyboard.press('Control+l');
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await soon(async () => expect(await cells(page).count()).toBe(6));
    await page.getByText('Your recovery key is not confirmed yet.').waitFor();
  });

  it('says what is wrong with a damaged vault, changes nothing, and opens when it is whole again', async () => {
    const { page } = opened;
    await setUp(page);
    await page.keyboard.press('Control+l');
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
    const vaults = join(host.folder, 'data', 'vaults');
    const keys = readdirSync(vaults, { recursive: true, encoding: 'utf8' })
      .filter((name) => /vault\.keys/.test(name))
      .map((name) => join(vaults, name));
    const whole = keys.map((path) => readFileSync(path));
    for (const path of keys) writeFileSync(path, 'no longer a header');
    await page.reload();
    await page.getByRole('heading', { name: 'The keys of the vault can’t be read' }).waitFor();
    await page.getByText('No file was changed.').waitFor();
    expect(keys.map((path) => readFileSync(path, 'utf8'))).toEqual(keys.map(() => 'no longer a header'));
    keys.forEach((path, i) => writeFileSync(path, whole[i] ?? ''));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your pictures will live here' }).waitFor();
  });

  it('tells of an export that can not be written', async () => {
    const { page } = opened;
    await setUp(page);
    await bringIn(page, host, LIBRARY);
    await host.pick([join(host.folder, 'no such folder', 'x.zip')]);
    await page.keyboard.press('Control+Shift+e');
    const toast = page.locator('[data-toast].failure');
    await toast.getByText('That file or folder is not there').waitFor();
    await toast.getByRole('button', { name: 'Copy details' }).click();
    await toast.getByText('Copied', { exact: true }).waitFor();
    // Version, system, code: nothing of the vault and no path.
    expect(await host.copied()).toMatch(/^Z-Image \d+\.\d+\.\d+\n(linux|macos|windows)\nnot_found$/);
    await toast.getByRole('button', { name: 'Close' }).click();
    // The job says it as well, for as long as it is listed.
    await page.getByLabel('Search prompts, tags, models').focus();
    await page.getByRole('button', { name: 'Jobs', exact: true }).click();
    await page.getByRole('dialog', { name: 'Jobs' }).getByRole('button', { name: 'Copy details' }).waitFor();
  });

  it('copies the details of an error while the vault is locked, in Japanese too', async () => {
    const { page } = opened;
    await setUp(page);
    await page.keyboard.press('Control+l');
    await page.getByLabel('Passphrase', { exact: true }).fill('not the passphrase at all');
    await page.keyboard.press('Enter');
    await page.getByText('That does not open this vault').waitFor();
    await host.settings({ language: 'ja' });
    await page.getByText('これでは保管庫が開きません。').waitFor();
    await page.getByRole('button', { name: '詳細をコピー' }).click();
    await page.getByText('コピーしました').waitFor();
    expect(await host.copied()).toMatch(/^Z-Image [\d.]+\n(linux|macos|windows)\nwrong_secret$/);
  });

  it('paints nothing before it knows the settings, and then the right theme and language at once', async () => {
    const { page } = opened;
    await setUp(page);
    await host.settings({ language: 'ja', theme: 'light' });
    await page.getByRole('heading', { name: 'ここが画像の置き場所になります' }).waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    // Every frame from the first on, as it is painted.
    await page.addInitScript(() => {
      const frames: string[] = [];
      Object.assign(window, { frames_seen: frames });
      const look = (): void => {
        const { body, documentElement: root } = document;
        if (body && document.styleSheets.length > 0) {
          const surface = (one: Element | null): string => (one ? getComputedStyle(one).backgroundColor : 'rgba(0, 0, 0, 0)');
          const texts = body.innerText.trim() === '' ? 'empty' : root.lang;
          const frame = [texts, surface(root), surface(body), surface(document.querySelector('.window'))].join(' | ');
          if (frames.at(-1) !== frame) frames.push(frame);
        }
        requestAnimationFrame(look);
      };
      look();
    });
    let answer = (): void => undefined;
    const asked = new Promise<void>((arrived) => {
      void page.route('**/call/settings', async (route) => {
        const released = new Promise<void>((release) => (answer = release));
        arrived();
        await released;
        await route.continue();
      });
    });
    await page.reload({ waitUntil: 'commit' });
    await asked;
    // While the answer is held back there are frames, and they are bare.
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    const clear = 'rgba(0, 0, 0, 0)';
    const seen = (): Promise<string[]> => page.evaluate(() => Reflect.get(window, 'frames_seen') as string[]);
    expect(await seen()).toEqual([`empty | ${clear} | ${clear} | ${clear}`]);
    answer();
    await page.getByRole('heading', { name: 'ここが画像の置き場所になります' }).waitFor();
    const light = 'rgb(250, 250, 250)';
    const rest = (await seen()).slice(1);
    expect(rest.filter((frame) => !frame.endsWith(`${clear} | ${light} | ${light}`))).toEqual([]);
    expect(rest.filter((frame) => !/^(empty|ja) /.test(frame))).toEqual([]);
    expect(rest.at(-1)).toMatch(/^ja /);
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('goes on by Enter after a press on a language', async () => {
    const { page } = opened;
    await page.getByRole('radio', { name: '日本語' }).check({ force: true });
    await page.getByRole('button', { name: '次へ' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '自分のものだと、見てわかる。' }).waitFor();
  });

  it('changes language and looks without a restart', async () => {
    const { page } = opened;
    await setUp(page);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: '日本語' }).check({ force: true });
    await page.getByRole('heading', { name: '設定', exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ja');
    await page.getByRole('radio', { name: 'ライト' }).check({ force: true });
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    await page.reload();
    await page.getByRole('heading', { name: 'ここが画像の置き場所になります' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    // Nothing is kept by the browser but the cookie of the host.
    const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
    expect(kept).toEqual([0, 0, 0]);
  });
});

describe('in Japanese', () => {
  it('goes the same way', async () => {
    host = await startHost('ja');
    writePictures(join(host.home, 'ComfyUI/output'), LIBRARY);
    opened = await openPage(host, 'light');
    const { page } = opened;
    // Enter goes on, as the buttons say.
    await page.getByRole('button', { name: '次へ' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '自分のものだと、見てわかる。' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('パスフレーズ', { exact: true }).fill('湖に浮かぶ灯籠と夜の静けさを書き留める');
    await page.getByLabel('もう一度入力').fill('湖に浮かぶ灯籠と夜の静けさを書き留める');
    await soon(async () => expect(await page.getByRole('button', { name: '保護して次へ' }).isEnabled()).toBe(true));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'あとで' }).click();
    await page.getByRole('button', { name: '6点を取り込む' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: '取り込み' }).getByRole('button', { name: '6点を取り込む' }).click();
    await page.locator('[data-toast]').getByText('6点を取り込みました').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('プロンプト、タグ、モデルを検索').fill('灯籠');
    await soon(async () => expect(await cells(page).count()).toBe(1));
    await page.getByText('6点中 1点').waitFor();
    await page.keyboard.press('Control+l');
    await page.getByRole('heading', { name: 'ロック中' }).waitFor();
    await host.stop();
    expect(opened.complaints).toEqual([]);
  });
});
