// The real program behind the page: the loopback host of the browser tests, a folder of its own, and a browser.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { EditsRequest, SettingsEdit } from '../src/api/bindings.ts';
import type { Keyring } from './keyring.ts';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export type Host = {
  url: string;
  /** Everything of this run is in here. */
  folder: string;
  /** Where generators' folders are looked for. */
  home: string;
  /** Answers the next dialog. */
  pick: (paths: string[]) => Promise<void>;
  /** Drops files on the window. */
  drop: (paths: string[]) => Promise<void>;
  copied: () => Promise<string | null>;
  /** Jobs stand still after their next progress, or go on. */
  hold: (held: boolean) => Promise<void>;
  /** The program's clock goes forward. */
  later: (millis: number) => Promise<void>;
  /** Changes settings as another window would. */
  settings: (edit: SettingsEdit) => Promise<void>;
  /** Changes pictures as another window would. */
  edit: (edits: EditsRequest) => Promise<void>;
  stop: () => Promise<void>;
};

function started(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    child.once('exit', (code) => fail(new Error(`devhost ended with ${code}`)));
    child.once('error', fail);
    if (!child.stdout) throw new Error('devhost has no output');
    createInterface(child.stdout).once('line', (line) => {
      const said: unknown = JSON.parse(line);
      if (typeof said === 'object' && said !== null && 'url' in said) done(String(said.url));
      else fail(new Error('devhost did not tell its address'));
    });
  });
}

/**
 * Starts the host: `DEVHOST` names its binary, otherwise the workspace's debug build. With a keyring, one of its own
 * answers; it must be stopped after the host.
 */
export async function startHost(language: 'en' | 'ja' = 'en', keyring?: Keyring): Promise<Host> {
  const binary = process.env['DEVHOST'] ?? resolve(import.meta.dirname, '../../target/debug/devhost');
  const folder = mkdtempSync(join(tmpdir(), 'z-image-ui-'));
  const home = join(folder, 'home');
  const data = join(folder, 'data');
  mkdirSync(home);
  mkdirSync(data);
  const ui = resolve(import.meta.dirname, '../dist');
  const given = ['--ui', ui, '--data', data, '--home', home, '--language', language, '--cheap-passphrase'];
  // What a test does must never reach the keychain of whoever runs it.
  const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', ...keyring?.env };
  const child = spawn(binary, given, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const url = await started(child);
  const { origin, searchParams } = new URL(url);
  const headers = { cookie: `token=${searchParams.get('token')}`, 'content-type': 'application/json' };
  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  };
  return {
    url,
    folder,
    home,
    pick: (paths) => post('/test/pick', paths),
    drop: (paths) => post('/test/drop', paths),
    hold: (held) => post('/test/hold', held),
    later: (millis) => post('/test/later', millis),
    settings: (edit) => post('/call/settings_edit', edit),
    edit: (edits) => post('/call/items_edit', edits),
    copied: async () => (await (await fetch(`${origin}/test/copied`, { headers })).json()) as string | null,
    stop: async () => {
      child.removeAllListeners('exit');
      const ended = new Promise<void>((done) => child.once('exit', () => done()));
      // The pages first: a page that listens keeps the host from ending.
      await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
      child.stdin?.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let browser: Browser | null = null;

export async function openBrowser(): Promise<Browser> {
  browser ??= await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
  });
  return browser;
}
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = null;
}

export type Opened = { page: Page; context: BrowserContext; complaints: string[]; requests: string[] };

/** Opens the page and keeps what must not happen: errors, breaches of the policy, requests to elsewhere. */
export async function openPage(host: Host, look: 'dark' | 'light' = 'dark'): Promise<Opened> {
  const context = await (await openBrowser()).newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: look,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // An answer that refuses is part of the protocol; the browser calls it an error.
    if (message.type() === 'error' && !/status of 4\d\d/.test(text)) complaints.push(`console: ${text}`);
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(host.url);
  return { page, context, complaints, requests };
}
