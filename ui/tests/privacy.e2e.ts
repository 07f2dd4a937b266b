// The place Privacy with the real service beside it: what is stored, what has left, the ledger saved and cleared, the notice.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccountPage } from './account-steps.ts';
import { closeBrowser, openBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { looker, type Look } from './looker.ts';
import { startService, type Service } from './service.ts';
import { soon } from './steps.ts';

const HANA = { email: 'hana@example.com', password: '夜明けの灯台と青い鳥 and a lantern' };

let host: Host;
let service: Service;
let opened: Opened;
let here: AccountPage;
let look: Look;
const found: string[] = [];
beforeAll(async () => {
  await openBrowser();
  host = await startHost('ja');
  service = await startService();
  opened = await openPage(host);
  here = new AccountPage(opened.page);
  look = looker(opened.page, host, found);
});
afterAll(async () => {
  await opened?.context.close();
  await closeBrowser();
  await host?.stop();
  await service?.stop();
});

const rail = (name: string) => here.page.getByRole('navigation').getByRole('button', { name });
const main = () => here.page.getByRole('main');
/** The requests that the list shows. */
const requests = () => main().locator('details');

describe('the place Privacy', () => {
  it('gives the notice to read before there is a vault', async () => {
    await here.button('次へ').click();
    await here.button('プライバシー通知を読む').click();
    await here.dialog.getByText('1. 集める情報').waitFor();
    await look('first run, notice');
    await host.settings({ language: 'ja' });
    await here.act('閉じる');
    await here.page.reload();
  });

  it('says that nothing has left as long as nothing has', async () => {
    await here.begin();
    await rail('プライバシー').click();
    await main().getByRole('heading', { name: '作ったものは、ここにとどまります' }).waitFor();
    await main().getByText('外に出たものはありません。').waitFor();
    await main().getByText('30日のうち30日は、何も送っていません。').waitFor();
    await main().getByText('サインインしていません').waitFor();
    await look('privacy, nothing has left');
  });

  it('has the notice in eleven clauses and both languages, and gives a copy for paper', async () => {
    await host.settings({ language: 'ja' });
    await main().getByText('プライバシー通知 2026-11 版').waitFor();
    await here.button('読む').click();
    await soon(async () => expect(await here.dialog.getByRole('heading', { level: 3 }).count()).toBe(12));
    await here.dialog.getByText('9. 子ども').waitFor();
    await look('privacy, notice');
    await here.dialog.getByText('9. Children').waitFor();
    await host.settings({ language: 'ja' });
    const target = join(host.folder, 'notice.html');
    await host.pick([target]);
    await here.act('控えを保存');
    await here.toast('プライバシー通知を保存しました').waitFor();
    const copy = readFileSync(target, 'utf8');
    expect(copy).toContain('9. 子ども');
    expect(copy).not.toMatch(/<script|<link|src=/);
    await here.act('閉じる');
  });

  it('shows the notice before an account is made with it', async () => {
    await rail('アカウント').click();
    await here.use(service.address);
    await here.button('アカウントを作る').click();
    await here.born(1990);
    await here.mailed(service, 'メールアドレス', HANA.email);
    await here.dialog.getByText('通知を読む').click();
    await here.dialog.getByText('1. 集める情報').waitFor();
    await look('account, notice');
    await host.settings({ language: 'ja' });
    await here.newPassword(HANA.password);
    await here.toast('アカウントを作り、サインインしました').waitFor();
    await here.line(HANA.email).waitFor();
  });

  it('lists every request with the names of its fields and its legal basis, and what stood in none', async () => {
    await rail('プライバシー').click();
    await soon(async () => expect(await requests().count()).toBeGreaterThan(5));
    const text = await here.page.getByRole('contentinfo').textContent();
    expect(text).toContain(`${await requests().count()}件`);
    await main().getByText('30日のうち29日は、何も送っていません。').waitFor();
    const last = requests().filter({ hasText: service.address.replace('http://', '') }).last();
    await last.locator('summary').focus();
    await here.page.keyboard.press('Enter');
    await last.getByText('契約').waitFor();
    for (const row of await requests().all()) await row.evaluate((one) => ((one as HTMLDetailsElement).open = true));
    const shown = (await main().textContent()) ?? '';
    for (const name of ['メールアドレス', 'パスワードを確かめる記録', 'セッションのトークン']) expect(shown).toContain(name);
    for (const secret of [HANA.email, 'lantern', '灯台']) expect(shown).not.toContain(secret);
    await look('privacy, requests');
    await host.settings({ language: 'ja' });
  });

  it('narrows to a period and a place', async () => {
    await main().getByText('7日間', { exact: true }).click();
    await main().getByText('7日のうち6日は、何も送っていません。').waitFor();
    await main().getByLabel('送り先').selectOption({ label: service.address.replace('http://', '') });
    await soon(async () => expect(await requests().count()).toBeGreaterThan(5));
  });

  it('gives the ledger as a file', async () => {
    const target = join(host.folder, 'ledger.json');
    await host.pick([target]);
    await here.button('記録を保存').click();
    await here.toast('通信の記録を保存しました').waitFor();
    const saved = JSON.parse(readFileSync(target, 'utf8'));
    expect(saved.ledger).toHaveLength(await requests().count());
    expect(saved.ledger[0]).toMatchObject({ purpose: 'account', basis: 'contract', outcome: 'answered', status: 200 });
  });

  it('clears it after a question, and goes on saying that it was cleared', async () => {
    await here.button('記録を消去').click();
    await here.dialog.getByText('消去した記録は元に戻せません。').waitFor();
    await look('privacy, clearing');
    await host.settings({ language: 'ja' });
    await here.act('消去');
    await here.toast('通信の記録を消去しました').waitFor();
    await soon(async () => expect(await requests().count()).toBe(0));
    await main().getByText('より前の記録は消去されています。').waitFor();
    await here.page.getByRole('contentinfo').getByText(/に記録を消去してから、何も外に出ていません/).waitFor();
    await main().getByLabel('記録を残す期間').selectOption({ label: '30日間' });
    await rail('設定').click();
    await rail('プライバシー').click();
    await soon(async () => expect(await main().getByLabel('記録を残す期間').inputValue()).toBe('30'));
  });

  it('drafts a letter for a right, and watches the day on which an answer is due', async () => {
    await here.button('開示').click();
    await here.fill('アカウントのメールアドレス', HANA.email);
    await here.dialog.getByText('第15条').first().waitFor();
    await here.fill('書き添えること', '窓辺の灯台 <img src=x onerror=alert(1)> {due}');
    await here.dialog.getByText('窓辺の灯台 <img src=x onerror=alert(1)> {due}').waitFor();
    await look('privacy, letter');
    await host.settings({ language: 'ja' });
    await here.act('文面をコピー');
    await here.toast('文面をコピーしました。メールに貼り付けてください。').waitFor();
    await main().getByText(/回答の期限は.*（あと30日）/).waitFor();
    await look('privacy, request');
    await host.settings({ language: 'ja' });
    await here.button('回答があった：開示').click();
    await main().getByText('回答済み', { exact: true }).waitFor();
    await here.button('一覧から除く：開示').click();
    await soon(async () => expect(await here.button('一覧から除く：開示').count()).toBe(0));
  });

  it('tells what is done with data and what allows it, and takes an objection', async () => {
    const row = (name: string) => main().getByRole('listitem').filter({ hasText: name });
    await row('アカウントとサインイン').getByText('契約').waitFor();
    await row('アカウントとサインイン').getByText(`${service.address.replace('http://', '')} へ`).waitFor();
    await row('安全と不正の防止').getByText('正当な利益').waitFor();
    await row('安全と不正の防止').getByText('30日後まで').waitFor();
    await row('ギャラリー').getByText('同意').waitFor();
    await row('ギャラリー').scrollIntoViewIfNeeded();
    await look('privacy, choices');
    await host.settings({ language: 'ja' });
    await here.button('異議を述べる：安全と不正の防止').click();
    await here.dialog.getByText('第21条').first().waitFor();
    await here.act('キャンセル');
  });

  it('names the authority of a country, and says where it takes no mail', async () => {
    await here.button('苦情').click();
    expect(await here.dialog.getByRole('button', { name: '文面をコピー' }).isDisabled()).toBe(true);
    await here.dialog.getByLabel('監督機関').selectOption({ label: '日本 · 個人情報保護委員会' });
    await here.dialog.getByText('個人情報保護委員会 御中').waitFor();
    await here.dialog.getByText('この機関の受付は、メールではありません。').waitFor();
    await here.dialog.getByText('https://www.ppc.go.jp').waitFor();
    await look('privacy, complaint');
    await host.settings({ language: 'ja' });
    await here.act('キャンセル');
  });

  it('is free of known faults in every state that was looked at', () => {
    expect(found).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});
