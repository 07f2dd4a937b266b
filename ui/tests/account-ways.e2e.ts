// Ways back into the account and out of it, in Japanese: a lost password, a new one, another address, another device.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountPage } from './account-steps.ts';
import { closeBrowser, openBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { startService, type Service } from './service.ts';
import { soon } from './steps.ts';

const EMAIL = 'hana@example.com';
const MOVED = 'hana.sato@example.org';
const [FIRST, SECOND, THIRD] = ['夜明けの灯台と青い鳥、三つの鐘', '雨上がりの縁側に眠る白い猫たち', '山奥の郵便局から届いた古い手紙'];

let service: Service;
let host: Host;
let second: Host;
let opened: Opened[];
let here: AccountPage;
let there: AccountPage;
beforeAll(async () => {
  await openBrowser();
  service = await startService();
  host = await startHost('ja');
  second = await startHost('ja');
  opened = [await openPage(host), await openPage(second, 'light')];
  [here, there] = opened.map(({ page }) => new AccountPage(page)) as [AccountPage, AccountPage];
  await here.begin(service.address);
  await here.register(service, { email: EMAIL, password: FIRST });
});
afterAll(async () => {
  await host?.stop();
  await second?.stop();
  await service?.stop();
  await closeBrowser();
  expect((opened ?? []).flatMap(({ complaints }) => complaints)).toEqual([]);
});

describe('a password', () => {
  it('that is forgotten is replaced by a code from the mail, and the old one is refused', async () => {
    await here.signOut();
    await here.button('サインイン').click();
    await here.act('パスワードをお忘れですか？');
    await here.dialog.getByText('ステップ 1／3').waitFor();
    await here.mailed(service, 'メールアドレス', EMAIL);
    await here.newPassword(SECOND);
    await here.toast('新しいパスワードを設定し、サインインしました').waitFor();
    await here.line(EMAIL).waitFor();
    await here.signOut();
    await here.signIn({ email: EMAIL, password: FIRST });
    await here.dialog.getByText('メールアドレスとパスワードが一致しません。').waitFor();
    expect(await here.line(EMAIL).count()).toBe(0);
    await here.mended(SECOND, async () => (await here.dialog.count()) === 0);
    await here.line(EMAIL).waitFor();
  });

  it('is changed after the old one was typed, and from then on only the new one is right', async () => {
    await here.button('パスワードを変更').click();
    await here.dialog.getByText('先に、今のパスワードを確かめます。').waitFor();
    await here.fill('パスワード', SECOND);
    await here.act('続ける');
    await here.dialog.getByText('ステップ 2／2').waitFor();
    await here.newPassword(THIRD);
    await here.toast('パスワードを変えました。ほかの端末ではもう一度サインインが必要です').waitFor();
    await here.line(EMAIL).waitFor();
    await here.button('メールアドレスを変更').click();
    await here.fill('パスワード', SECOND);
    await here.act('続ける');
    await here.dialog.getByText('パスワードが違います。').waitFor();
    await here.mended(THIRD, () => here.dialog.getByLabel('新しいメールアドレス').isVisible());
    await here.act('キャンセル');
  });
});

describe('the address', () => {
  it('is another one after the password and a code that went there', async () => {
    await here.button('メールアドレスを変更').click();
    // What was proved before the sheet was closed counts no more.
    await here.fill('パスワード', THIRD);
    await here.act('続ける');
    await here.mailed(service, '新しいメールアドレス', MOVED);
    await here.act('アドレスを変える');
    await here.toast('メールアドレスを変えました').waitFor();
    await here.line(MOVED).waitFor();
    expect(await here.line(EMAIL).count()).toBe(0);
  });

  it('is the old one again by the line of the mail, once, and everybody is signed out', async () => {
    const line = await service.undo();
    await here.button('アドレスの変更を元に戻す').click();
    await here.fill('メールの行', '元のアドレスに届いたメール');
    await here.act('元に戻す');
    await here.dialog.getByText('メールの行の形ではありません。').waitFor();
    await here.fill('メールの行', `  ${line} `);
    await here.act('元に戻す');
    await here.toast('アカウントを元のアドレスに戻しました。すぐに新しいパスワードを設定してください。').waitFor();
    await here.button('アカウントを作る').waitFor();
    await here.button('アドレスの変更を元に戻す').click();
    await here.fill('メールの行', line);
    await here.act('元に戻す');
    await here.dialog.getByText('この手続きは期限切れか、すでに済んでいます。').waitFor();
    await here.act('キャンセル');
    await here.signIn({ email: EMAIL, password: THIRD });
    await here.toast('サインインしました').waitFor();
    await here.line(EMAIL).waitFor();
    expect(await here.line(MOVED).count()).toBe(0);
  });
});

describe('another device', () => {
  it('is listed, and signed out from here; it learns so at its next contact', async () => {
    await there.begin(service.address);
    await there.signIn({ email: EMAIL, password: THIRD });
    await there.line('Linux デスクトップ · この端末').waitFor();
    await there.line('Linux デスクトップ').waitFor();
    await there.button('「Linux デスクトップ」の名前を変える').first().click();
    await there.fill('名前', '寝室のノート');
    await there.act('保存');
    await there.line('寝室のノート · この端末').waitFor();

    expect(await here.button('すべてサインアウト').count()).toBe(0);
    await here.button('もう一度取得').click();
    await here.line('寝室のノート').waitFor();
    await here.line('Linux デスクトップ · この端末').waitFor();
    await here.button('「寝室のノート」をサインアウト').click();
    await here.line('寝室のノート').waitFor({ state: 'detached' });
    await here.line(EMAIL).waitFor();

    await there.line(EMAIL).waitFor();
    await there.button('もう一度取得').click();
    await there.button('アカウントを作る').waitFor();
    await there.toast(/^サインアウトしています/).first().waitFor();
    expect(await there.line(EMAIL).count()).toBe(0);
  });

  it('is signed out with all others, and says so where something was just begun', async () => {
    await there.signIn({ email: EMAIL, password: THIRD });
    await there.line(EMAIL).waitFor();
    await here.button('もう一度取得').click();
    await here.button('すべてサインアウト').click();
    await here.button('すべてサインアウト').waitFor({ state: 'detached' });
    await here.line('Linux デスクトップ · この端末').waitFor();
    expect(await here.page.getByText(/の名前を変える/).count()).toBe(0);

    await there.button('パスワードを変更').click();
    await there.fill('パスワード', THIRD);
    await there.act('続ける');
    await there.dialog.getByText('サインアウトしています。').waitFor();
    await there.act('キャンセル');
    await there.button('アカウントを作る').waitFor();
    await soon(async () => expect(await there.line(EMAIL).count()).toBe(0));
    await here.button('もう一度取得').click();
    await here.line(EMAIL).waitFor();
  });
});
