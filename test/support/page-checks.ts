import type { Page } from 'playwright-core';

/** Runs in the page: what cannot be used without eyes, a mouse or good light. One sentence each. */
const FAULTS = String.raw`(() => {
  const faults = [];
  const text = (id) => (document.getElementById(id)?.textContent ?? '').trim();
  const nameOf = (element) =>
    element.getAttribute('aria-label') ??
    (element.getAttribute('aria-labelledby') ?? '').split(' ').map(text).join(' ').trim();
  if (document.documentElement.lang === '') faults.push('the page names no language');
  if (document.querySelectorAll('h1').length !== 1) faults.push('the page has not one h1');
  if (document.querySelectorAll('main').length !== 1) faults.push('the page has not one main');
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids)) if (ids.filter((each) => each === id).length > 1) faults.push('twice the id ' + id);
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push('a heading is left out before ' + heading.textContent);
    level = next;
  }
  for (const each of document.querySelectorAll('[role=img], [role=region], section, nav'))
    if (nameOf(each) === '') faults.push('no name: ' + each.outerHTML.slice(0, 80));
  for (const input of document.querySelectorAll('input:not([type=hidden])'))
    if (input.labels.length === 0) faults.push('no label: ' + input.name);
  for (const link of document.querySelectorAll('a, button'))
    if (link.textContent.trim() === '') faults.push('an empty link or button: ' + link.outerHTML.slice(0, 80));
  for (const cell of document.querySelectorAll('table th'))
    if (!cell.hasAttribute('scope')) faults.push('a heading of a table says not what of: ' + cell.textContent);
  for (const each of document.querySelectorAll('.log, pre'))
    if (each.scrollHeight > each.clientHeight && each.tabIndex < 0) faults.push('cannot be scrolled by keyboard: ' + nameOf(each));

  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.textContent.trim() === '' || element.closest('svg, script, .skip') !== null || !element.checkVisibility()) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < 4.5) faults.push('contrast ' + contrast.toFixed(1) + ': ' + element.textContent.trim().slice(0, 40));
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) faults.push('the page is ' + wide + ' pixels too wide');
  return faults;
})()`;

/** What of WCAG 2.2 (level AA) can be told without a person, of the page as it is shown now; empty where all is well. */
export const faultsOf = (page: Page): Promise<readonly string[]> => page.evaluate<readonly string[]>(FAULTS);
