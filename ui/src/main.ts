import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { start } from './lib/start.ts';
import { fail } from './lib/toast.svelte.ts';

const target = document.getElementById('app');
if (target) mount(App, { target });
start().catch(fail);
