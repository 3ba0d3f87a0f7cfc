// Whatever scrolls sideways in the page can be reached by keyboard: it takes the focus while it is wider than its frame.
const kinds = "main :is(div, ul, nav, pre)";

function check() {
  for (const element of document.querySelectorAll(kinds)) {
    const scrolls = element.scrollWidth > element.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(element).overflowX);
    if (scrolls && !element.hasAttribute("tabindex")) {
      element.tabIndex = 0;
      element.dataset.scrolls = "";
    } else if (!scrolls && element.dataset.scrolls !== undefined) {
      element.removeAttribute("tabindex");
      delete element.dataset.scrolls;
    }
  }
}

check();
addEventListener("resize", check);
document.addEventListener("htmx:after:swap", check);
document.addEventListener("toggle", check, true);
