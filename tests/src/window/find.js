const [role, wanted] = arguments;
const implicit = {
  a: 'link', button: 'button', textarea: 'textbox', select: 'combobox', img: 'img', dialog: 'dialog', nav: 'navigation',
  main: 'main', h1: 'heading', h2: 'heading', h3: 'heading', output: 'status', progress: 'progressbar',
};
const inputs = { checkbox: 'checkbox', radio: 'radio', range: 'slider', search: 'searchbox' };
const roleOf = (element) =>
  element.getAttribute('role') ??
  (element.localName === 'input' ? inputs[element.type] ?? 'textbox' : implicit[element.localName]);
const words = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
// What is drawn only for the eye has no part in a name.
const said = (element) => {
  const copy = element.cloneNode(true);
  for (const drawn of copy.querySelectorAll('[aria-hidden="true"], svg')) drawn.remove();
  return words(copy.textContent);
};
const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (by) return words(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
  const label = element.getAttribute('aria-label');
  if (label) return words(label);
  if (element.labels?.length) return said(element.labels[0].querySelector('b') ?? element.labels[0]);
  return words(element.getAttribute('alt')) || said(element) || words(element.title) || words(element.placeholder);
};
const usable = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && !element.disabled && getComputedStyle(element).visibility !== 'hidden';
};
const pattern = wanted.startsWith('/') ? new RegExp(wanted.slice(1)) : null;
const fits = (name) => (pattern ? pattern.test(name) : name === wanted);
const found = [...document.querySelectorAll('*')].filter((e) => roleOf(e) === role && usable(e) && fits(nameOf(e)));
// The last is on top: sheets and popovers come after what they cover.
const last = found.at(-1);
// A radio's own circle is hidden; a person presses its label.
return (role === 'radio' ? last?.closest('label') : last) ?? null;
