// Small helps on top of pages that work without any script: the answer card opens beside the page.
(function () {
  "use strict";
  var panel = document.getElementById("panel");
  var body = document.getElementById("panel-body");
  var opener = null;

  // A link that asks for a card: note who opened it, so that focus can go back there.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[hx-get]");
    if (link && !panel.contains(link)) opener = link;
    // A table of figures: every link of a cell opens its card, without saying so a thousand times.
    var figure = event.target.closest("[data-cards] td a");
    if (figure && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && window.htmx) {
      event.preventDefault();
      opener = figure;
      window.htmx.ajax("GET", figure.href, "#panel-body");
    }
    if (event.target.closest("[data-close]")) panel.close();
    if (event.target.closest("[data-print]")) window.print();
    if (event.target === panel) panel.close();
  });

  document.addEventListener("htmx:after:swap", function () {
    if (!body || !body.firstElementChild) return;
    var now = body.firstElementChild.getAttribute("data-panel");
    if (now !== null && !panel.open) panel.showModal();
    if (now !== null) body.scrollTop = 0;
  });

  if (panel) {
    panel.addEventListener("close", function () {
      body.replaceChildren();
      if (opener && opener.isConnected) opener.focus();
    });
  }

  // A table wider than the window can be reached and moved by keyboard; one that fits is no stop on the way.
  function reachable() {
    document.querySelectorAll(".scroll").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  }
  reachable();
  window.addEventListener("resize", reachable);

  // Empty filter fields stay out of the address.
  document.addEventListener("submit", function (event) {
    if (event.target.method !== "get") return;
    event.target.querySelectorAll("input, select").forEach(function (field) {
      if (!field.value && !field.hasAttribute("data-keep")) field.disabled = true;
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[method=get] :disabled").forEach(function (field) { field.disabled = false; });
  });

  // Copy a text. On an office network without TLS there is no clipboard to ask: the text is then selected and copied the old way.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) return;
    var text = document.getElementById(button.getAttribute("data-copy"));
    function done(copied) { button.textContent = copied ? "已复制" : "已选中，请按 Ctrl+C"; }
    function select() {
      var range = document.createRange();
      range.selectNodeContents(text);
      var chosen = window.getSelection();
      chosen.removeAllRanges();
      chosen.addRange(range);
      done(document.execCommand("copy"));
    }
    if (navigator.clipboard) navigator.clipboard.writeText(text.innerText).then(function () { done(true); }, select);
    else select();
  });

  // A second click on a slow form must not send it twice.
  document.addEventListener("submit", function (event) {
    if (event.target.method !== "post") return;
    var button = event.submitter;
    if (button) window.setTimeout(function () { button.disabled = true; }, 0);
  });
})();
