// The page for typing, in the place of the program: what it asks, how it answers, and axe on each of its faces.
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { Asked, Code, Settings } from '../src/api/bindings.ts';
import { closeBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { PASSPHRASE, setUp, soon } from './steps.ts';

/** As in the other test of accessibility. */
const SHOTS = process.env['SCREENS'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let host: Host;
let opened: Opened;
/** What the page handed over; `null` for giving up. */
let heard: (string | null)[];

afterAll(closeBrowser);
beforeEach(async () => {
  host = await startHost('en');
  opened = await openPage(host);
  heard = [];
});
afterEach(async () => {
  await host.stop();
  expect(opened.complaints).toEqual([]);
});

/** Opens the page as the program's second window would; each answer is refused with the next of these codes. */
async function open(asked: Partial<Asked>, refusals: Code[] = [], look: Partial<Settings> = {}): Promise<Page> {
  const { page } = opened;
  const { origin } = new URL(host.url);
  const said = await page.request.post(`${origin}/call/settings`, { data: {} });
  const settings = { ...((await said.json()) as Settings), ...look };
  await page.unrouteAll();
  await page.route('**/call/entry_asked', (route) =>
    route.fulfill({ json: { id: 0, typed: 'passphrase', name: 'vault_unlock', wait_ms: 0, settings, ...asked } }));
  await page.route('**/call/entry_answer', (route) => {
    heard.push((route.request().postDataJSON() as { secret: string }).secret);
    const code = refusals.shift();
    return code ? route.fulfill({ status: 400, json: { code } }) : route.fulfill({ json: null });
  });
  await page.route('**/call/entry_cancel', (route) => {
    heard.push(null);
    return route.fulfill({ json: null });
  });
  await page.goto(`${origin}/entry.html`);
  await page.getByRole('heading').waitFor();
  return page;
}

describe('the page for typing', () => {
  it('has the keyboard in its one field, and Enter hands over what was typed', async () => {
    const page = await open({});
    await page.keyboard.type('静かな港の七つの灯籠 and more');
    expect(await page.getByLabel('Passphrase', { exact: true }).getAttribute('type')).toBe('password');
    await page.keyboard.press('Enter');
    await soon(async () => expect(heard).toEqual(['静かな港の七つの灯籠 and more']));
    expect(await page.title()).toBe('Enter your passphrase');
  });

  it('shows and hides what is typed by the keyboard alone', async () => {
    const page = await open({});
    await page.keyboard.type('seen');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    const field = page.getByLabel('Passphrase', { exact: true });
    // Plain text, which an input method can be used in.
    expect(await field.getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: 'Hide what is typed' }).press('Space');
    expect(await field.getAttribute('type')).toBe('password');
  });

  it('shows a recovery key beside its field, where it can not be selected and handed to the desktop', async () => {
    const page = await open({ typed: 'recovery' });
    await page.keyboard.type('ZV1-SEEN');
    const shown = page.getByText('As typed: ZV1-SEEN');
    await shown.waitFor();
    const field = page.getByLabel('Recovery key', { exact: true });
    expect(await field.getAttribute('type')).toBe('password');
    await page.keyboard.press('Control+a');
    expect(await page.evaluate(() => getSelection()?.toString() ?? '')).not.toContain('SEEN');
    await page.getByRole('button', { name: 'Hide what is typed' }).press('Space');
    await shown.waitFor({ state: 'detached' });
    expect(await field.getAttribute('type')).toBe('password');
  });

  it('says what was wrong and takes another try in the place of the first', async () => {
    const page = await open({}, ['wrong_secret']);
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('That does not open this vault').waitFor();
    await soon(async () => expect(await page.getByLabel('Passphrase', { exact: true }).evaluate((it) => it === document.activeElement)).toBe(true));
    await page.keyboard.type('right');
    await page.keyboard.press('Enter');
    await soon(async () => expect(heard).toEqual(['wrong', 'right']));
  });

  it('hands over nothing while a try is not looked at, and says so once', async () => {
    const page = await open({ wait_ms: 60_000 });
    await page.keyboard.type('too early');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('button', { name: /^Try again in \d+ s$/ }).isDisabled()).toBe(true);
    await page.locator('[role="status"]').getByText('Too many wrong tries').waitFor();
    expect(heard).toEqual([]);
  });

  it('gives up on Esc and on Cancel', async () => {
    const page = await open({});
    await page.keyboard.type('half of');
    await page.keyboard.press('Escape');
    await soon(async () => expect(heard).toEqual([null]));
    await page.getByRole('button', { name: 'Cancel' }).click();
    await soon(async () => expect(heard).toEqual([null, null]));
  });

  it('takes a new passphrase only when it is long enough and typed twice', async () => {
    const page = await open({ typed: 'new_passphrase', name: 'protection_change' });
    await page.keyboard.type(PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByLabel('Repeat the passphrase').fill(`${PASSPHRASE}!`);
    await page.keyboard.press('Enter');
    await page.getByText('The two are not the same').waitFor();
    expect(heard).toEqual([]);
    await page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Protect' }).click();
    await soon(async () => expect(heard).toEqual([PASSPHRASE]));
  });

  it('has nothing for axe to find, in both languages and themes', async () => {
    const found: string[] = [];
    for (const typed of ['passphrase', 'recovery', 'new_passphrase'] as const) {
      for (const language of ['en', 'ja'] as const) {
        for (const theme of ['light', 'dark'] as const) {
          const page = await open({ typed }, ['wrong_secret'], { language, theme });
          await page.setViewportSize({ width: 480, height: { passphrase: 280, recovery: 330, new_passphrase: 500 }[typed] });
          await page.locator(`html[lang="${language}"][data-theme="${theme}"]`).waitFor();
          if (typed !== 'new_passphrase') {
            await page.keyboard.type('wrong');
            await page.keyboard.press('Enter');
            await page.getByRole('alert').waitFor();
          }
          if (SHOTS) await page.screenshot({ path: join(SHOTS, `entry-${typed}-${language}-${theme}.png`) });
          const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
          for (const { id, nodes } of violations) found.push(...nodes.map(({ html }) => `${typed} ${language} ${theme} ${id}: ${html}`));
        }
      }
    }
    expect(found).toEqual([]);
  });
});

describe('the window with the pictures, where typing has a window of its own', () => {
  /** The page is told so, and asks nothing that waits for a person. */
  async function apart(page: Page): Promise<void> {
    await page.route('**/call/status', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), apart: true } });
    });
    await page.route('**/call/vault_proven', (route) => route.fulfill({ json: { done: true } }));
    await page.reload();
  }

  it('has no field for a secret, and asks without one', async () => {
    const { page } = opened;
    await setUp(page);
    await page.keyboard.press('Control+l');
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
    await apart(page);
    await page.getByText('Passphrases and recovery keys are typed in a window of their own.').waitFor();
    expect(await page.locator('form input').count()).toBe(0);
    const asked = page.waitForRequest('**/call/vault_unlock');
    let close = (): void => undefined;
    await page.route('**/call/vault_unlock', async (route) => {
      await new Promise<void>((done) => (close = done));
      await route.fulfill({ status: 400, json: { code: 'cancelled' } });
    });
    await page.keyboard.press('Enter');
    expect((await asked).postDataJSON()).toEqual({ with: { by: 'passphrase', passphrase: '' } });
    await page.getByText('Go on in the other window.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    expect((await new AxeBuilder({ page }).withTags(RULES).analyze()).violations).toEqual([]);
    close();
    await page.getByText('Passphrases and recovery keys are typed in a window of their own.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('has none in its sheets either, and nothing for axe to find there', async () => {
    const { page } = opened;
    await setUp(page);
    await apart(page);
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Settings' }).click();
    for (const [opens, title] of [
      ['Change passphrase', 'A passphrase for the vault'],
      ['Replace', 'Replace the vault’s key'],
      ['Make another', 'Make another vault'],
    ] as const) {
      await page.getByRole('button', { name: opens, exact: true }).first().click();
      const sheet = page.getByRole('dialog', { name: title });
      await sheet.getByText('Passphrases and recovery keys are typed in a window of their own.').waitFor();
      expect(await sheet.locator('input[type="password"]').count()).toBe(0);
      expect((await new AxeBuilder({ page }).withTags(RULES).analyze()).violations).toEqual([]);
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
    }
  });
});
