// Steps with the account that several browser tests take, in the Japanese window.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Service } from './service.ts';
import { PASSPHRASE, soon } from './steps.ts';

export type Person = { email: string; password: string };

export class AccountPage {
  readonly page: Page;
  readonly dialog;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole('dialog');
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true });
  }
  toast(text: string | RegExp) {
    return this.page.locator('[data-toast]').getByText(text);
  }
  /** What a sheet's own button does. */
  act(name: string): Promise<void> {
    return this.dialog.getByRole('button', { name, exact: true }).click();
  }
  fill(label: string, text: string): Promise<void> {
    return this.dialog.getByLabel(label, { exact: true }).fill(text);
  }
  /** A line of what the service holds. */
  line(text: string) {
    return this.page.getByRole('main').getByText(text, { exact: true });
  }

  /** Walks through the first screens, to the account and the service at this address. */
  async begin(address?: string): Promise<void> {
    const { page } = this;
    await page.getByRole('button', { name: '次へ' }).click();
    await page.getByRole('button', { name: '次へ' }).click();
    await page.getByLabel('パスフレーズ', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('もう一度入力').fill(PASSPHRASE);
    await page.getByRole('button', { name: '保護して次へ' }).click();
    await page.getByRole('button', { name: 'あとで' }).click();
    await page.getByRole('button', { name: '画像なしで始める' }).click();
    await page.getByRole('navigation').getByRole('button', { name: 'アカウント' }).click();
    if (address !== undefined) await this.use(address);
  }

  async use(address: string): Promise<void> {
    await this.button('アカウントのサービス').click();
    await this.dialog.getByText('ご自分で選んだサービス').click();
    await this.fill('アドレス', address);
    await this.act('このサービスを使う');
    await this.page.getByText(`${address} · このコンピュータの中`).waitFor();
  }

  async register(service: Service, { email, password }: Person): Promise<void> {
    await this.button('アカウントを作る').click();
    await this.born(1990);
    await this.mailed(service, 'メールアドレス', email);
    await this.newPassword(password);
    await this.toast('アカウントを作り、サインインしました').waitFor();
    await this.line(email).waitFor();
  }

  async born(year: number): Promise<void> {
    await this.dialog.getByLabel('国・地域').selectOption({ label: '日本' });
    await this.dialog.getByLabel('生まれた年').selectOption({ label: `${year}年` });
    await this.dialog.getByLabel('月', { exact: true }).selectOption({ label: '4月' });
    await this.act('次へ');
  }

  /** Has a code sent and types it. */
  async mailed(service: Service, field: string, email: string): Promise<void> {
    await this.fill(field, email);
    await this.act('コードを送る');
    await this.code(service, email);
  }

  async code(service: Service, email: string): Promise<void> {
    await this.dialog.getByText(`${email} に送りました。10分間有効です。`).waitFor();
    await this.fill('メールのコード', await service.code());
    await this.act('次へ');
  }

  async newPassword(password: string): Promise<void> {
    await this.fill('パスワード', password);
    await this.fill('パスワードをもう一度', password);
    await this.act('パスワードを設定');
  }

  async signIn({ email, password }: Person): Promise<void> {
    await this.button('サインイン').click();
    await this.fill('メールアドレス', email);
    await this.fill('パスワード', password);
    await this.act('サインイン');
  }

  async signOut(): Promise<void> {
    await this.button('サインアウト').click();
    await this.toast('サインアウトしました').waitFor();
  }

  /** Types the password once more after a wrong one: the service wants a moment's pause, and the button counts it. */
  async mended(password: string, over: () => Promise<boolean>): Promise<void> {
    await this.fill('パスワード', password);
    await soon(async () => {
      if (!(await over())) await this.dialog.locator('button[type="submit"]').click({ timeout: 2_000 });
      expect(await over()).toBe(true);
    });
  }
}
