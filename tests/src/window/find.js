const [role, wanted] = arguments;
const implicit = {
  a: 'link', button: 'button', textarea: 'textbox', select: 'combobox', img: 'img', dialog: 'dialog', nav: 'navigation',
  main: 'main', h1: 'heading', h2: 'heading', h3: 'heading', output: 'status', progress: 'progressbar',
};
const inputs = {
  checkbox: 'checkbox', radio: 'radio', range: 'slider', search: 'searchbox', text: 'textbox', password: 'textbox',
};
const roleOf = (element) =>
  element.getAttribute('role') ??
  (element.localName === 'input' ? inputs[element.type] ?? 'textbox' : implicit[element.localName]);
const words = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (by) return words(by.split(/\s+/).map((id) => document.getElementById(id)?.innerText ?? '').join(' '));
  const label = element.getAttribute('aria-label');
  if (label) return words(label);
  if (element.labels?.length) return words(element.labels[0].innerText);
  return words(element.getAttribute('alt') ?? element.innerText) || words(element.getAttribute('title')) ||
    words(element.getAttribute('placeholder'));
};
const seen = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden' && !element.closest('[inert]');
};
const fits = wanted.startsWith('~') ? (name) => name.includes(wanted.slice(1)) : (name) => name === wanted;
const found = [...document.querySelectorAll('*')].filter((e) => roleOf(e) === role && fits(nameOf(e)) && seen(e));
// The last is on top: sheets and popovers come after what they cover.
return found.at(-1) ?? null;
