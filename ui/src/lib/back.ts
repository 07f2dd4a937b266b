// Where the person stood when the vault was locked, so that unlocking brings them back there.
//
// **Invariant:** places, numbers of items and pixels, nothing else. What was searched for and filtered by are words of the
// vault, and those go with the lock, here as on Rust's side; the numbers say nothing without the key.
import { tick } from 'svelte';
import { app, type Place } from './app.svelte.ts';
import { gallery } from './gallery.svelte.ts';
import { focusGrid } from './go.ts';
import { standAt, stood, type Anchor } from './moves.ts';
import { selection } from './selection.svelte.ts';
import type { Scope } from '../api/bindings.ts';

type Stood = {
  /** The vault's folder: another vault has other numbers. */
  vault: string | null;
  place: Place;
  viewer: typeof app.viewer;
  scope: Scope;
  rating: number;
  current: number | null;
  chosen: ReadonlySet<number>;
  anchor: Anchor | null;
};

let before: Stood | null = null;

/** Called as the vault is locked, before everything is forgotten. */
export function noteWhere(): void {
  before = {
    vault: app.status?.folder ?? null,
    place: app.place,
    viewer: app.viewer,
    scope: gallery.scope,
    rating: gallery.filters.rating,
    current: selection.current,
    chosen: selection.chosen,
    anchor: stood(),
  };
}

/** Called when a vault was opened: reads the gallery, and goes back there where it is the same vault. */
export async function comeBack(): Promise<void> {
  const to = before?.vault === app.status?.folder ? before : null;
  before = null;
  if (to) {
    app.place = to.place;
    gallery.stand(to.scope, to.rating);
  }
  standAt(to?.anchor ?? null);
  await gallery.read();
  if (!to || !app.open) return;
  selection.comeBack(to.current, to.chosen);
  await tick();
  if (to.place !== 'gallery' || app.place !== 'gallery') return;
  if (selection.current !== null) app.viewer = to.viewer;
  if (app.viewer === 'closed') focusGrid();
}
