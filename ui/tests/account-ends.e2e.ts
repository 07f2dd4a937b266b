// Where an account ends or never begins, in Japanese: deleted by mail, a receipt that nobody signed, an age that is too low.
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountPage } from './account-steps.ts';
import { closeBrowser, openBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { looker } from './looker.ts';
import { startService, type Service } from './service.ts';
import { soon } from './steps.ts';

const HANA = { email: 'hana@example.com', password: '夜明けの灯台と青い鳥、三つの鐘' };
const YUKI = { email: 'yuki@example.com', password: '雨上がりの縁側に眠る白い猫たち' };

type Between = { address: string; stop: () => Promise<void> };

/** Somebody between the window and the service, who changes the signature of a receipt in one place. */
async function forger(service: Service): Promise<Between> {
  const pass = createServer((asked, answer) => {
    const { method, headers, url } = asked;
    const onward = request(new URL(url ?? '/', service.address), { method, headers });
    onward.on('error', () => answer.destroy());
    onward.on('response', async (came) => {
      const body = await buffer(came);
      const isReceipt = method === 'DELETE' && url === '/v1/account';
      const forged = body.toString().replace(/(?<="signature":")./, (first) => (first === 'A' ? 'B' : 'A'));
      answer.writeHead(came.statusCode ?? 502, came.headers).end(isReceipt ? forged : body);
    });
    asked.pipe(onward);
  });
  pass.listen(0, '127.0.0.1');
  await once(pass, 'listening');
  return {
    address: `http://127.0.0.1:${(pass.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(pass, 'close');
      pass.close();
      pass.closeAllConnections();
      await closed;
    },
  };
}

type Saved = {
  receipt: { receipt_id: string; deleted_day: string; retained: { what: string; until_day: string }[]; signature: string };
  receipt_key: string;
};

/** Whether a receipt that was saved is signed by the key beside it, as anybody could find out. */
function isSigned(file: string): boolean {
  const { receipt, receipt_key } = JSON.parse(readFileSync(file, 'utf8')) as Saved;
  const kept = receipt.retained.map(({ what, until_day }) => `${what} ${until_day}\n`).join('');
  const text = `zimg-acct/1|receipt\n${receipt.receipt_id}\n${receipt.deleted_day}\n${kept}`;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: receipt_key }, format: 'jwk' });
  return verify(null, Buffer.from(text), key, Buffer.from(receipt.signature, 'base64url'));
}

let service: Service;
let between: Between;
let host: Host;
let opened: Opened;
let here: AccountPage;
beforeAll(async () => {
  await openBrowser();
  service = await startService();
  between = await forger(service);
});
afterAll(async () => {
  await between?.stop();
  await service?.stop();
  await closeBrowser();
});

async function begin(): Promise<void> {
  host = await startHost('ja');
  opened = await openPage(host);
  here = new AccountPage(opened.page);
}
async function end(): Promise<void> {
  await host?.stop();
  expect(opened?.complaints).toEqual([]);
}

describe('an account whose password is lost', () => {
  beforeAll(begin);
  afterAll(end);
  const receipt = () => here.page.getByRole('dialog', { name: 'アカウントを削除しました' });

  it('is deleted by a code from the mail, up to a receipt that anybody can verify', async () => {
    await here.begin(service.address);
    await here.register(service, HANA);
    await here.button('アカウントを削除').click();
    await here.dialog.getByText('保管庫のすべての画像とプロンプト').waitFor();
    await here.act('パスワードが分からない');
    await here.dialog.getByText('ステップ 1／3').waitFor();
    expect(await here.dialog.getByLabel('メールアドレス').inputValue()).toBe(HANA.email);
    await here.act('コードを送る');
    await here.code(service, HANA.email);
    await here.dialog.getByText('準備ができました。この先は元に戻せません。').waitFor();
    await here.act('アカウントを削除');
    await receipt().getByText('サービスの署名があります').waitFor();

    const file = join(host.folder, '受領書.json');
    await host.pick([file]);
    await here.act('受領書を保存');
    await here.toast('受領書を保存しました').waitFor();
    expect(isSigned(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).not.toContain(HANA.email);
    await here.act('完了');
    await here.button('アカウントを作る').waitFor();
    expect(await here.line(HANA.email).count()).toBe(0);
  });

  it('is nobody’s any more: its address is told like any other without an account', async () => {
    await here.signIn(HANA);
    await here.dialog.getByText('メールアドレスとパスワードが一致しません。').waitFor();
    await here.act('キャンセル');
  });

  it('has no genuine receipt where somebody changed the signature on the way, and the window says so', async () => {
    await here.use(between.address);
    await here.register(service, YUKI);
    await here.button('アカウントを削除').click();
    await here.fill('パスワード', YUKI.password);
    await here.act('続ける');
    await here.dialog.getByText('準備ができました。この先は元に戻せません。').waitFor();
    await here.act('アカウントを削除');
    await receipt().getByText('署名がサービスの鍵と合いません').waitFor();
    expect(await receipt().getByText('サービスの署名があります').count()).toBe(0);
    const found: string[] = [];
    await looker(here.page, host, found)('account, forged receipt');
    expect(found).toEqual([]);
    await host.settings({ language: 'ja' });

    // It can be taken along all the same: as evidence.
    const file = join(host.folder, '合わない受領書.json');
    await host.pick([file]);
    await here.act('受領書を保存');
    await here.toast('受領書を保存しました').waitFor();
    expect(isSigned(file)).toBe(false);
    await here.act('完了');
    await here.button('アカウントを作る').waitFor();
  });
});

describe('who is too young for an account', () => {
  beforeAll(begin);
  afterAll(end);

  it('is told so, finds no way on, and nothing was sent', async () => {
    const found: string[] = [];
    const look = looker(here.page, host, found);
    const { page, dialog } = here;
    await here.begin(service.address);
    await here.button('アカウントを作る').click();
    await here.born(new Date().getFullYear() - 9);
    await dialog.getByText('今はアカウントを作れません', { exact: true }).waitFor();
    expect((await dialog.getByRole('button').allInnerTexts()).map((text) => text.trim())).toEqual(['閉じる']);
    expect(await dialog.locator('input, select, a').count()).toBe(0);
    await look('account, too young, sheet');
    await host.settings({ language: 'ja' });
    await here.act('閉じる');

    const noWay = async (): Promise<void> => {
      await page.getByRole('heading', { name: '今はアカウントを作れません' }).waitFor();
      for (const name of ['アカウントを作る', 'サインイン', '新しく設定', 'アドレスの変更を元に戻す', '鍵を取得']) {
        expect(await here.button(name).count(), name).toBe(0);
      }
    };
    await noWay();
    await look('account, too young');
    await host.settings({ language: 'ja' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('サインイン');
    await soon(async () => expect(await page.getByRole('option').count()).toBe(0));
    await page.keyboard.press('Escape');
    // Neither another service nor the page anew asks once more.
    await here.use(between.address);
    await noWay();
    await page.reload();
    await page.getByRole('navigation').getByRole('button', { name: 'アカウント' }).click();
    await noWay();
    await page.getByRole('contentinfo').getByText('開いてから何も外に出ていません').waitFor();
    expect(found).toEqual([]);
  });
});
