// How the window speaks with the program: Tauri's channel, or the loopback host of the browser tests. Nothing else
// in the interface asks for anything over any network.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Code, Commands, Event } from './bindings.ts';

/** A request that was not carried out. */
export class Refused extends Error {
  readonly code: Code;
  constructor(code: Code) {
    super(code);
    this.code = code;
  }
}

export type Name = keyof Commands;
type Request<N extends Name> = Commands[N]['request'];
type Answer<N extends Name> = Commands[N]['answer'];
type Arguments<N extends Name> = Request<N> extends null ? [] : [request: Request<N>];

export const inWindow = '__TAURI_INTERNALS__' in window;

function codeOf(thrown: unknown): Code {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') {
    return thrown.code as Code;
  }
  return 'internal';
}

async function post(name: string, request: unknown): Promise<unknown> {
  const response = await fetch(`call/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw answer;
  return answer;
}

async function orRefused(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (thrown) {
    throw new Refused(codeOf(thrown));
  }
}

/** Runs a command of the table; throws {@link Refused}. */
export async function call<N extends Name>(name: N, ...given: Arguments<N>): Promise<Answer<N>> {
  const request: unknown = given[0] ?? null;
  return (await orRefused(inWindow ? invoke('call', { name, request }) : post(name, request))) as Answer<N>;
}

/** Asks what only the window for typing may ask; throws {@link Refused}. */
export const send = (name: string, given: Record<string, unknown>): Promise<unknown> =>
  orRefused(inWindow ? invoke(name, given) : post(name, given));

/** Hears what the program tells; `again` is called when events may have been missed. */
export async function hear(tell: (event: Event) => void, again: () => void): Promise<void> {
  if (inWindow) {
    await listen<Event>('event', ({ payload }) => tell(payload));
    return;
  }
  const source = new EventSource('events');
  source.onmessage = ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as Event);
  let opened = false;
  await new Promise<void>((resolve) => {
    source.onopen = () => {
      if (opened) again();
      opened = true;
      resolve();
    };
  });
}
