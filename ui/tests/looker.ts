// axe on what shows, in both languages and both themes.
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Host } from './host.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** With this variable every screen is also kept as a picture in that folder, for whoever wants to look at all of them. */
const SHOTS = process.env['SCREENS'];

export type Look = (screen: string, before?: () => Promise<void>) => Promise<void>;

/**
 * Each language and each theme once: what axe finds depends on words or on colours, not on which of them come together. Whoever
 * wants pictures gets all four. English and dark comes last.
 */
const LOOKS = SHOTS
  ? ([['ja', 'light'], ['ja', 'dark'], ['en', 'light'], ['en', 'dark']] as const)
  : ([['ja', 'light'], ['en', 'dark']] as const);

/** Looks at what shows now: language and theme change where the person stands. */
export function looker(page: Page, host: Host, found: string[]): Look {
  return async (screen, before) => {
    for (const [language, theme] of LOOKS) {
      await host.settings({ language });
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
  };
}
