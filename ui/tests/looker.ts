// axe on what shows, in both languages and both themes.
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Host } from './host.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** With this variable every screen is also kept as a picture in that folder, for whoever wants to look at all of them. */
const SHOTS = process.env['SCREENS'];

export type Look = (screen: string, before?: () => Promise<void>) => Promise<void>;

/** Looks at what shows now four times: language and theme change where the person stands. It ends in English, dark. */
export function looker(page: Page, host: Host, found: string[]): Look {
  return async (screen, before) => {
    for (const language of ['ja', 'en'] as const) {
      await host.settings({ language });
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await page.locator(`html[lang="${language}"][data-theme="${theme}"]`).waitFor();
        await before?.();
        const which = `${screen}, ${language}, ${theme}`;
        // Without frames there is nothing that needs a second page each time.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES).analyze();
        for (const { id, nodes } of violations) {
          found.push(...nodes.map((node) => `${which}: ${id}: ${node.html.slice(0, 160)}`));
        }
        if (SHOTS) await page.screenshot({ path: join(SHOTS, `${which.replaceAll(', ', '-').replaceAll(' ', '_')}.png`) });
      }
    }
  };
}
