import '../styles/tokens.css';
import '../styles/base.css';
import { mount } from 'svelte';
import { look } from '../lib/looks.ts';
import { asked, giveUp } from './ask.ts';
import Entry from './Entry.svelte';

const target = document.getElementById('app');
const asks = await asked();
if (target && asks) {
  look(asks.settings);
  mount(Entry, { target, props: { asks } });
} else {
  await giveUp();
}
