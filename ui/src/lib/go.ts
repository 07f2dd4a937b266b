// Going from place to place.
import { tick } from 'svelte';
import type { Scope } from '../api/bindings.ts';
import { app } from './app.svelte.ts';
import { gallery } from './gallery.svelte.ts';
import { selection } from './selection.svelte.ts';

/** To the account. */
export function goToAccount(): void {
  app.viewer = 'closed';
  app.place = 'account';
}

/** To what is stored, what has left, and the notice. */
export function goToPrivacy(): void {
  app.viewer = 'closed';
  app.place = 'privacy';
}

/** To the page that tells what the program protects. */
export function goToSecurity(): void {
  app.viewer = 'closed';
  app.place = 'security';
}

/** To the checks among the settings. */
export async function goToChecks(): Promise<void> {
  goTo(null);
  await tick();
  const part = document.getElementById('checks');
  part?.scrollIntoView({ block: 'start' });
  part?.querySelector('h2')?.focus({ preventScroll: true });
}

/** To a part of the gallery, or to the settings. */
export function goTo(scope: Scope | null): void {
  app.viewer = 'closed';
  if (scope === null) {
    app.place = 'settings';
    return;
  }
  app.place = 'gallery';
  if (gallery.scope !== scope) {
    selection.forget();
    gallery.show(scope);
  }
}

export function focusSearch(): void {
  app.viewer = 'closed';
  const field = document.getElementById('search');
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}

/**
 * To the title of the current picture, of several too, as soon as the panel shows this picture. The panel opens for it;
 * where it has no room nothing happens.
 */
export function goToTitle(): void {
  selection.stepping = selection.chosen.size > 1;
  selection.titling = selection.current;
  if (!app.settings?.inspector) void app.set({ inspector: true });
}

/** Gives the focus to the viewer or to the current picture of the grid, unless a person has put it elsewhere meanwhile. */
export function focusGrid(): void {
  const before = document.activeElement;
  requestAnimationFrame(() => {
    const now = document.activeElement;
    if (now !== before && now !== document.body) return;
    const pictures = app.viewer === 'closed' ? '[role="gridcell"][tabindex="0"]' : 'section[data-pictures]';
    document.querySelector<HTMLElement>(pictures)?.focus({ preventScroll: true });
  });
}
