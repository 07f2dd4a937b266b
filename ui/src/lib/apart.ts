// Where the host has a window for typing, this page asks without the secret, and that window fills it in.
import { invoke } from '@tauri-apps/api/core';
import { app } from './app.svelte.ts';

/** Secrets are typed in a window of their own, not here. */
export const typesApart = (): boolean => app.status?.apart ?? false;

/** Gives up what is asked in that window. */
export const giveUp = (): Promise<void> => invoke('entry_cancel');
