// Says which number was followed to here, and marks every cell that a sum or a rate takes.
(function () {
  "use strict";
  const said = document.getElementById("which");

  function cellsOf(names) {
    return names.map((name) => document.getElementById(name)).filter(Boolean);
  }
  function text(place) {
    if ("raw" in place.dataset) return place.dataset.raw.trim();
    const held = place.textContent.trim() || (place.parentElement.matches("td, li") ? place.parentElement.textContent.trim() : "");
    return place.closest("table.listed") ? place.children[1].textContent.trim() : held;
  }
  async function show() {
    document.querySelectorAll(".hit").forEach((each) => each.classList.remove("hit"));
    said.hidden = true;
    const name = decodeURIComponent(location.hash.slice(1));
    if (!name) return;
    const [labels, indicators] = await Promise.all([NB.load("cells"), NB.load("indicators")]);
    const indicator = indicators.list.find((each) => each.id === name);
    const cells = cellsOf(indicator ? indicator.cells : labels[name] ? [name] : []);
    if (!cells.length) return;
    cells.forEach((each) => each.classList.add("hit"));
    if (indicator) {
      said.textContent = NB.pick(indicator.label) + (indicator.formula[0] ? NB.say("：", ": ") + NB.pick(indicator.formula) : "") + NB.say("。所用单元格已标出。", ". The cells that it takes are marked.");
      cells[0].scrollIntoView({ block: "center" });
    } else {
      const raw = text(cells[0]);
      said.textContent = NB.pick(labels[name]) + NB.say("：", ": ") + (raw ? NB.say("原文", "the page reads ") + "“" + raw + "”" : NB.say("原页此处为空", "the page is empty here"));
    }
    said.hidden = false;
  }
  addEventListener("hashchange", show);
  document.addEventListener("language", show);
  show();
})();
