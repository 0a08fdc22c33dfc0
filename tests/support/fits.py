"""Find what doesn't fit on an open page: a script that a browser runs, and the widths to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Page

WIDTHS = (320, 390, 768, 1024, 1440)

# A text counts with the part of it that is not clipped. `frame` is the part of the page in which
# the content of a node can be seen.
_MISFITS = """() => {
  const found = [], page = document.scrollingElement, frames = new Map();
  const all = [...document.body.querySelectorAll('*')];
  const css = (node) => getComputedStyle(node);
  const name = (node) => [node.localName, ...node.classList].join('.')
    + ' ' + JSON.stringify(node.textContent.trim().slice(0, 40));
  const within = (at, box) => ({
    left: Math.max(at.left, box.left), top: Math.max(at.top, box.top),
    right: Math.min(at.right, box.right), bottom: Math.min(at.bottom, box.bottom) });
  function frame(node) {
    if (node === document.body)
      return { left: 0, top: 0, right: page.scrollWidth, bottom: page.scrollHeight };
    if (!frames.has(node)) {
      const outer = frame(node.parentElement), clips = css(node).overflowX !== 'visible';
      frames.set(node, clips ? within(node.getBoundingClientRect(), outer) : outer);
    }
    return frames.get(node);
  }
  function lines(text) {
    const range = document.createRange(), of = text.parentElement;
    range.selectNodeContents(text);
    const seen = [...range.getClientRects()].map((at) => within(at, frame(of)))
      .filter((at) => at.right - at.left > 2 && at.bottom - at.top > 2);
    const rows = new Set(seen.map((at) => Math.round(at.top))).size;
    const narrow = range.getBoundingClientRect().width < 2.5 * parseFloat(css(of).fontSize);
    const upright = css(of).writingMode !== 'horizontal-tb';
    if (text.data.trim().length >= 4 && rows > 3 && narrow && !upright)
      found.push('one letter a line: ' + name(of));
    return seen.map((at) => ({ ...at, of, text }));
  }
  if (page.scrollWidth > page.clientWidth)
    found.push('the page scrolls sideways: ' + page.scrollWidth);
  all.filter((node) => node.scrollWidth > node.clientWidth)
    .filter((node) => /auto|scroll/.test(css(node).overflowX))
    .filter((node) => node.tabIndex !== 0 || !node.ariaLabel)
    .forEach((node) => found.push('scrolls without focus or label: ' + name(node)));
  const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.trim()) texts.push(walker.currentNode);
  const shown = texts.flatMap(lines).sort((one, other) => one.top - other.top);
  shown.forEach((one, index) => {
    for (let n = index + 1; n < shown.length && shown[n].top < one.bottom - 4; n += 1) {
      const other = shown[n], both = within(one, other);
      if (one.text !== other.text && both.right - both.left > 3 && both.bottom - both.top > 4)
        found.push('overlap: ' + name(one.of) + ' and ' + name(other.of));
    }
  });
  return found;
}"""


def misfits(page: Page, widths: Iterable[int] = WIDTHS) -> list[str]:
    """Return what doesn't fit on an open page at each width, with its details opened."""
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: {misfit}" for misfit in page.evaluate(_MISFITS)]
    return found
