// What the window for typing asks of the program. Under a browser test the same goes to the loopback host.
import type { Asked } from '../api/bindings.ts';
import { send } from '../api/transport.ts';

/** What is to be typed; nothing when it is not asked any more. */
export const asked = async (): Promise<Asked | null> => (await send('entry_asked', {})) as Asked | null;

/** Hands over what was typed. On success the window goes; refused is what may be mistyped. */
export async function answer(id: number, secret: string): Promise<void> {
  await send('entry_answer', { id, secret });
}

export async function giveUp(): Promise<void> {
  await send('entry_cancel', {});
}
