// How a page speaks and looks: the settings', and the system's where they leave it to that.
import type { Settings } from '../api/bindings.ts';
import { currentLanguage, speak } from '../i18n/index.svelte.ts';

const systemIsLight = window.matchMedia('(prefers-color-scheme: light)');
let now: Settings | null = null;

export function look(settings: Settings): void {
  now = settings;
  const { language, theme } = settings;
  if (currentLanguage() !== language || document.documentElement.lang !== language) speak(language);
  const light = theme === 'light' || (theme === 'system' && systemIsLight.matches);
  document.documentElement.dataset['theme'] = light ? 'light' : 'dark';
}

systemIsLight.addEventListener('change', () => {
  if (now) look(now);
});
