// Choosing people on the roster for one act: how many are ticked, and all of this page at once.
(function () {
  "use strict";
  var bar = document.getElementById("bulk");
  if (!bar) return;
  var said = bar.querySelector("[data-ticked]");
  var ticked = bar.querySelector("[name=who][value=ticked]");
  var head = document.querySelector("th.tick");
  var boxes = Array.prototype.slice.call(document.querySelectorAll("input[name=one][form=bulk]"));

  // All of this page at once: made here, because without a script it would do nothing.
  var whole = document.createElement("input");
  whole.type = "checkbox";
  whole.setAttribute("aria-label", "选本页全部");
  if (head) head.replaceChildren(whole);

  function count() {
    var many = boxes.filter(function (box) { return box.checked; }).length;
    said.textContent = many ? "（" + many + " 人）" : "";
    whole.checked = many > 0 && many === boxes.length;
    whole.indeterminate = many > 0 && many < boxes.length;
  }
  document.addEventListener("change", function (event) {
    if (event.target === whole) {
      boxes.forEach(function (box) { box.checked = whole.checked; });
      ticked.checked = true;
    }
    if (event.target.name === "one") ticked.checked = true;
    count();
  });
  window.addEventListener("pageshow", count);
  count();
})();
