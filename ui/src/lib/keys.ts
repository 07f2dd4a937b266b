// Keys by name: `mod` is Command on a Mac and Control elsewhere.

export const onMac = /Mac|iPhone|iPad/.test(navigator.platform);
export const onLinux = /Linux/.test(navigator.platform);

const SIGNS: Record<string, string> = {
  mod: onMac ? '⌘' : 'Ctrl',
  shift: onMac ? '⇧' : 'Shift',
  arrows: '← ↑ → ↓',
  enter: '↵',
  escape: 'Esc',
  delete: onMac ? '⌫' : 'Del',
  space: 'Space',
};

/** A combination as it is written on the screen: Ctrl Z, ⌘Z. */
export const shown = (combination: string): string =>
  combination
    .split('+')
    .map((key) => SIGNS[key] ?? (/^(.|f\d+)$/.test(key) ? key.toUpperCase() : key))
    .join(onMac ? '' : ' ');

/** The combination that was pressed, in the same words; empty while an input method composes. */
export function pressed(event: KeyboardEvent): string {
  if (event.isComposing || event.keyCode === 229) return '';
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const name = key === 'backspace' && onMac ? 'delete' : key;
  const mod = onMac ? event.metaKey : event.ctrlKey;
  if (event.altKey || (onMac ? event.ctrlKey : event.metaKey)) return '';
  // A sign such as ? already tells of its shift.
  const shift = event.shiftKey && (name.length > 1 || /[a-z]/.test(name));
  return [mod ? 'mod' : '', shift ? 'shift' : '', name].filter(Boolean).join('+');
}

/** Whether keys belong to a field that is being typed in. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'range', 'button'].includes(target.type);
  return target.isContentEditable;
}
