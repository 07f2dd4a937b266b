// Texts that would run as a page if anything took them for one: in every field that a picture, its name or a person
// can fill, on every screen that shows them, and in the page of an export.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage, startHost, type Host, type Opened } from './host.ts';
import { png } from './pictures.ts';
import { cell, cells, setUp, soon } from './steps.ts';

/** What runs if anything runs: it leaves a mark in the page and asks for an address that is looked for. */
const RUN = "document.documentElement.setAttribute('data-canary','1');fetch('/canary')";

const TAGS = ['img src=x', 'svg', 'body', 'details open', 'video src=x', 'audio src=x', 'input autofocus', 'iframe src=x',
  'object data=x', 'marquee', 'select autofocus', 'style', 'math', 'form', 'textarea autofocus', 'link rel=stylesheet href=x'];
const EVENTS = ['onerror', 'onload', 'onfocus', 'ontoggle', 'onstart', 'onanimationstart', 'onpointerover', 'onclick'];
const FRAMES: ((run: string) => string)[] = [
  (run) => `<script>${run}</script>`,
  (run) => `"><script>${run}</script>`,
  (run) => `'><script>${run}</script>`,
  (run) => `</textarea><script>${run}</script>`,
  (run) => `</title></style></script><script>${run}</script>`,
  (run) => `<scr<script>ipt>${run}</scr</script>ipt>`,
  (run) => `<SCRIPT SRC="data:text/javascript,${run}"></SCRIPT>`,
  (run) => `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  (run) => `<a href="javascript:${run}">click</a>`,
  (run) => `<a href="java\tscript:${run}">click</a>`,
  (run) => `<svg><animate onbegin="${run}" attributeName=x dur=1s>`,
  (run) => `<svg><script>${run}</script></svg>`,
  (run) => `<math><mtext><table><mglyph><style><img src=x onerror="${run}">`,
  (run) => `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  (run) => `<!--><img src=x onerror="${run}">-->`,
  (run) => `<![CDATA[<img src=x onerror="${run}">]]>`,
  (run) => `<template><img src=x onerror="${run}"></template>`,
  (run) => `<base href="javascript:${run}//">`,
  (run) => `<meta http-equiv="refresh" content="0;url=javascript:${run}">`,
  (run) => `<embed src="data:text/html,<script>${run}</script>">`,
  (run) => `{@html "<img src=x onerror=${run}>"}`,
  (run) => `\${${run}} {{constructor.constructor("${run}")()}} #{${run}}`,
  (run) => `javascript:${run}`,
  (run) => `" autofocus onfocus="${run}" x="`,
  (run) => `' style='animation:x' onanimationstart='${run}`,
  (run) => `&lt;script&gt;${run}&lt;/script&gt;`,
  (run) => `%3Cscript%3E${run}%3C/script%3E`,
  (run) => `\\u003cscript\\u003e${run}\\u003c/script\\u003e`,
  (run) => `＜script＞${run}＜/script＞`,
  (run) => `\u202e<img src=x onerror="${run}">\u202c`,
  (run) => `<img src="x" onerror="${run}" 灯籠>`,
  (run) => `<input type=image src=x onerror="${run}">`,
  (run) => `<isindex action="javascript:${run}" type=submit>`,
  (run) => `<button formaction="javascript:${run}">x</button>`,
  (run) => `<x contenteditable onblur="${run}">lose focus!</x>`,
  (run) => `<style>@import 'javascript:${run}';*{background:url(/canary)}</style>`,
  (run) => `<div style="background:url('/canary')" onclick="${run}">`,
  (run) => `-->"'><xmp><img src=x onerror="${run}">`,
];

function corpus(): string[] {
  const marked = TAGS.flatMap((tag) => EVENTS.map((event) => `<${tag} ${event}="${RUN}">`));
  const framed = FRAMES.flatMap((frame) => [frame(RUN), frame(RUN.replaceAll("'", '&#39;'))]);
  return [...marked, ...framed];
}

const TEXTS = corpus();
/** A title and a tag are one line, and signs that turn the direction of reading have no place in a tag. */
const bare = (text: string): string => text.replace(/[\s\u202a-\u202e]/g, '');
const BARE = TEXTS.map(bare);

let host: Host;
let opened: Opened;
let asked: string[];

beforeEach(async () => {
  host = await startHost('en');
  opened = await openPage(host);
  asked = [];
  opened.page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await setUp(opened.page);
});
afterEach(() => host.stop());
afterAll(closeBrowser);

function writeHostile(folder: string): void {
  mkdirSync(folder);
  TEXTS.forEach((text, n) => {
    const quoted = JSON.stringify(text);
    const parameters = `${n} ${text}\nNegative prompt: ${text}\nSteps: 9, Sampler: ${quoted}, Schedule type: ${quoted}, Seed: ${n + 1}, Size: 60x40, Model: ${quoted}, Version: ${quoted}`;
    const name = `${n} ${text.replaceAll('/', '∕').slice(0, 60)}.png`;
    writeFileSync(join(folder, name), png(60, 40, n, parameters));
  });
}

/** Nothing ran, nothing was asked of anybody, and no element came out of a text. */
async function nothingRan(page: Page, where: string): Promise<void> {
  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll('*')];
    return {
      canary: document.documentElement.getAttribute('data-canary'),
      handlers: all.filter((node) => [...node.attributes].some(({ name }) => name.startsWith('on'))).length,
      made: document.querySelectorAll('iframe,object,embed,marquee,isindex,base,math,xmp,body script,a[href^="java" i]').length,
    };
  });
  expect({ where, ...found }).toEqual({ where, canary: null, handlers: 0, made: 0 });
  expect(asked).toEqual([]);
  expect(opened.requests.filter((url) => url.includes('/canary'))).toEqual([]);
}

// Two hundred pictures are looked at one by one.
it('shows two hundred hostile texts as they are and runs none, in the window and in an export', async () => {
  expect(new Set(TEXTS).size).toBeGreaterThanOrEqual(200);
  const { page } = opened;
  const folder = join(host.folder, 'hostile');
  writeHostile(folder);
  await host.pick([folder]);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Choose folders' }).click();
  await page.getByRole('dialog', { name: 'Import' }).getByRole('button', { name: /^Import \d/ }).click();
  await page.locator('[data-toast]').getByText(/imported/).waitFor({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  await soon(async () => expect(await cells(page).count()).toBeGreaterThan(0));

  // A person's own fields hold them as well.
  await page.evaluate(async (texts) => {
    const edits = texts.map((text, n) => ({ seq: n + 1, edit: { title: text, tags: [text] } }));
    const body = JSON.stringify({ edits });
    await fetch('/call/items_edit', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }, TEXTS);
  await nothingRan(page, 'gallery');

  // Each one in the inspector, with everything that is folded away.
  await cell(page, 0).click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  const words = inspector.locator('.words');
  for (let place = 0; place < TEXTS.length; place += 1) {
    const prompt = (await words.first().textContent()) ?? '';
    const number = Number.parseInt(prompt, 10);
    const text = TEXTS[number] ?? '';
    expect(prompt).toBe(`${number} ${text}`);
    expect(await words.nth(1).textContent()).toBe(text);
    const held = (await inspector.textContent()) ?? '';
    // Prompt, negative prompt, sampler, scheduler and model; title and tag are those of another text.
    expect(held.split(text).length - 1, text).toBeGreaterThanOrEqual(5);
    const title = bare(await inspector.getByLabel('Title', { exact: true }).inputValue());
    expect(BARE).toContain(title);
    expect(bare(held)).toContain(title);
    await inspector.locator('details').evaluateAll((folds) => {
      for (const fold of folds) fold.setAttribute('open', '');
    });
    if (place + 1 === TEXTS.length) break;
    await page.keyboard.press('ArrowRight');
    await soon(async () => expect(await words.first().textContent()).not.toBe(prompt));
  }
  await nothingRan(page, 'inspector');

  // What was found is underlined inside such a text; filters and the viewer show it as well.
  const field = page.getByLabel('Search prompts, tags, models');
  for (const typed of ['onerror', '<script>', '"><script>', 'model:svg']) {
    await field.fill(typed);
    await soon(async () => expect(await cells(page).count()).toBeGreaterThan(0));
    await cell(page, 0).click();
    await nothingRan(page, typed);
  }
  await field.fill('');
  await field.blur();
  await cell(page, 0).click();
  await page.keyboard.press('Enter');
  await page.locator('.viewer').waitFor();
  await nothingRan(page, 'viewer');
  await page.keyboard.press('Escape');

  // The page in an export stands alone, without the policy of the window's own.
  const archive = join(host.folder, 'hostile.zip');
  await page.getByRole('button', { name: 'Settings' }).click();
  await host.pick([archive]);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.locator('[data-toast]').getByText(/pictures exported/).waitFor({ timeout: 30_000 });
  const exported = join(host.folder, 'index.html');
  const html = execFileSync('unzip', ['-p', archive, 'index.html'], { maxBuffer: 1 << 26 });
  writeFileSync(exported, html.toString().replace(/<meta[^>]*Content-Security-Policy[^>]*>/i, ''));
  await page.goto(pathToFileURL(exported).href);
  const all = (await page.textContent('body')) ?? '';
  for (const text of TEXTS) expect(all.includes(text), text).toBe(true);
  await nothingRan(page, 'export');
}, 180_000);
